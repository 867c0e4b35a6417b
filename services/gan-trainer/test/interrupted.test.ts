import { randomUUID } from 'node:crypto';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { queuedJobIds } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runOf, storeGarments } from './drawn-garments.ts';
import { type RunningTrainer, runTrainer, startCropper } from './running-trainer.ts';

const GARMENTS = 16;
const STEPS = 40;
let folders: readonly TemporaryFolder[];
let cropper: Awaited<ReturnType<typeof startCropper>>;
/** What a training that is not interrupted comes to. */
let expected: { readonly modelId: string | null; readonly weights: string };

const run = runOf(randomUUID(), { steps: STEPS });

beforeAll(async () => {
  folders = await Promise.all([1, 2, 3].map(() => temporaryFolder('gan-trainer')));
  cropper = await startCropper();
  const trainer = await begin(0);
  expected = await end(trainer);
}, 240_000);
afterAll(async () => {
  cropper.close();
  for (const folder of folders) await folder.remove();
});

const open = (folder: number) =>
  runTrainer(cropper.address, { dataFolder: folders[folder]?.path ?? '' });

/** The training begins, in a folder of its own. */
async function begin(folder: number): Promise<RunningTrainer> {
  const trainer = await open(folder);
  cropper.list(run.id, await storeGarments(trainer.objects, GARMENTS));
  await trainer.garmentsReady(run, GARMENTS);
  return trainer;
}

/** Waits for the end; what it came to. */
async function end(trainer: RunningTrainer): Promise<typeof expected> {
  const { outcome, modelId } = await trainer.ready(run.id);
  expect(outcome).toBe('trained');
  expect(trainer.announced(run.id)).toHaveLength(1);
  const bytes = await trainer.objects.get(`models/${modelId}/weights.safetensors`);
  await trainer.close();
  return { modelId, weights: Buffer.from(bytes).toString('base64') };
}

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
  const known = new Set<string>();
  let trainer = await begin(1);
  for (let stop = 0; stop < 2; stop++) {
    await nextCheckpoint(trainer, run.id, known);
    await trainer.close();
    trainer = await open(1);
  }
  const ended = await end(trainer);
  expect(ended.modelId).toBe(expected.modelId);
  expect(ended.weights === expected.weights).toBe(true);
}, 240_000);

test('a training canceled with its run ends its job; resumed, it goes on and ends with the same weights', async () => {
  const trainer = await begin(2);
  await nextCheckpoint(trainer, run.id, new Set());
  await trainer.runChanged(run, 1, 'canceled');
  while ((await queuedJobIds(trainer.bus, 'gan-train')).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(trainer.announced(run.id)).toEqual([]);
  await trainer.runChanged(run, 2, 'open');
  const ended = await end(trainer);
  expect(ended.modelId).toBe(expected.modelId);
  expect(ended.weights === expected.weights).toBe(true);
}, 240_000);
