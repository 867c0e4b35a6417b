import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runOf, storeGarments } from './drawn-garments.ts';
import { type RunningTrainer, runTrainer, startCropper } from './running-trainer.ts';

let cropper: Awaited<ReturnType<typeof startCropper>>;
let trainer: RunningTrainer;
beforeAll(async () => {
  cropper = await startCropper();
  const settings = { GAN_EARLIER_RUNS: '1', GAN_HELD_OUT: '9' };
  trainer = await runTrainer(cropper.address, { settings });
}, 60_000);
afterAll(async () => {
  await trainer.close();
  cropper.close();
});

test('the garments of the run before are trained on too; those of another detector and of runs before that are not', async () => {
  const garments = await storeGarments(trainer.objects, 24 + 20);
  const parts = [garments.slice(0, 6), garments.slice(6, 24), garments.slice(24)];
  const [oldest, before] = [
    runOf(randomUUID(), { skip: true }),
    runOf(randomUUID(), { skip: true }),
  ];
  const other = { ...runOf(randomUUID(), { skip: true }), detector: 'model-1' };
  const run = runOf(randomUUID());
  for (const [i, each] of [oldest, before, run].entries()) cropper.list(each.id, parts[i] ?? []);
  cropper.list(other.id, garments.slice(0, 3));
  // One after another: which run was before is a matter of time.
  for (const each of [oldest, before, other]) {
    await trainer.garmentsReady(each, 20);
    await trainer.ready(each.id);
  }
  await trainer.garmentsReady(run, 20);
  const ready = await trainer.ready(run.id);
  expect(ready).toMatchObject({ outcome: 'trained' });
  // 18 of the run before and 20 of its own, of which 9 are held out.
  expect(ready.reason).toContain('on 29 garments');
}, 120_000);
