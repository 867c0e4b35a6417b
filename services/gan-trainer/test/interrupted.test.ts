import { randomUUID } from 'node:crypto';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runOf, storeGarments } from './drawn-garments.ts';
import { type RunningTrainer, runTrainer, startCropper } from './running-trainer.ts';

const GARMENTS = 16;
const STEPS = 40;
let whole: TemporaryFolder;
let stopped: TemporaryFolder;
let cropper: Awaited<ReturnType<typeof startCropper>>;

beforeAll(async () => {
  whole = await temporaryFolder('gan-trainer');
  stopped = await temporaryFolder('gan-trainer');
  cropper = await startCropper();
});
afterAll(async () => {
  cropper.close();
  await whole.remove();
  await stopped.remove();
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
  const known = new Set<string>();
  const open = ({ path }: TemporaryFolder) => runTrainer(cropper.address, { dataFolder: path });

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
