import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type RunningTrainer,
  runOf,
  runTrainer,
  startCropper,
  storeGarments,
  temporaryDataFolder,
} from './running-trainer.ts';

const GARMENTS = 16;
const STEPS = 40;
const folders = [temporaryDataFolder(), temporaryDataFolder()];
let cropper: Awaited<ReturnType<typeof startCropper>>;

beforeAll(async () => {
  cropper = await startCropper();
});
afterAll(() => {
  cropper.close();
  for (const folder of folders) folder.remove();
});

/** Waits for the next checkpoint; how soon it comes is not asserted. */
async function nextCheckpoint({ objects }: RunningTrainer, runId: string, known: Set<string>) {
  for (;;) {
    for await (const { key } of objects.list(`checkpoints/${runId}/`)) {
      if (known.has(key)) continue;
      known.add(key);
      if (!key.endsWith('-0.safetensors')) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a training stopped twice with its process goes on and ends with the weights of one that was not', async () => {
  const run = runOf(randomUUID(), { steps: STEPS });
  const [whole, stopped] = folders.map(({ path }) => path) as [string, string];
  const known = new Set<string>();
  const open = (dataFolder: string) => runTrainer({ cropper: cropper.address, dataFolder });

  let trainer = await open(whole);
  cropper.list(run.id, await storeGarments(trainer.objects, GARMENTS));
  await trainer.garmentsReady(run, GARMENTS);
  const { modelId } = await trainer.ready(run.id);
  const key = `models/${modelId}/weights.safetensors`;
  const expected = Buffer.from(await trainer.objects.get(key)).toString('base64');
  await trainer.close();

  trainer = await open(stopped);
  await storeGarments(trainer.objects, GARMENTS);
  await trainer.garmentsReady(run, GARMENTS);
  for (let stop = 0; stop < 2; stop++) {
    await nextCheckpoint(trainer, run.id, known);
    await trainer.close();
    trainer = await open(stopped);
  }
  const ready = await trainer.ready(run.id);
  expect(ready).toMatchObject({ outcome: 'trained', modelId });
  expect(trainer.announced(run.id)).toHaveLength(1);
  expect(Buffer.from(await trainer.objects.get(key)).toString('base64') === expected).toBe(true);
  await trainer.close();
}, 240_000);
