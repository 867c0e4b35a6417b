import { randomUUID } from 'node:crypto';
import type { cropperV1, RunReference } from '@deepstyle/contracts';
import { DeepStyleError } from '@deepstyle/platform';
import type { ObjectStore } from '@deepstyle/storage';
import { jobDelivery, type OpenedPorts, openPorts } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GAN_TRAINER_SETTINGS, type GanTrainerSettings } from '../src/config.ts';
import { createGanTrainer, type GanTrainer } from '../src/gan-trainer.ts';
import { closeTraining, listTrainingGarments, trainings } from '../src/records.ts';
import { runOf, storeGarments } from './drawn-garments.ts';

const GARMENTS = 20;

let opened: OpenedPorts<GanTrainerSettings>;
let trainer: GanTrainer;
let garments: readonly cropperV1.Garment[];
/** How many of them the cropper has. */
let cropped = GARMENTS;
/** What happens when a crop is asked for; none is there, so that a training fails for good. */
let whileTraining: () => Promise<void>;
beforeAll(async () => {
  opened = await openPorts({
    name: 'gan-trainer',
    settings: GAN_TRAINER_SETTINGS,
    calls: {
      listGarments: async function* () {
        yield { garments: garments.slice(0, cropped) };
      },
    },
  });
  const { ports } = opened;
  garments = await storeGarments(ports.objects, GARMENTS + 1);
  const objects: ObjectStore = Object.create(ports.objects, {
    get: {
      value: async () => {
        await whileTraining();
        throw new DeepStyleError({ code: 'NOT_FOUND', message: 'the crop is gone' });
      },
    },
  });
  trainer = createGanTrainer({ ...ports, objects });
});
afterAll(() => opened.close());

const newRun = (): RunReference => runOf(randomUUID());
const inRetry = (run: RunReference, retries = 1): RunReference => ({ ...run, retries });
const ready = (run: RunReference) =>
  trainer.planTraining({ run, photos: cropped, failedPhotos: 0, garments: cropped });
const changed = (run: RunReference, revision: number, state: 'open' | 'canceled' = 'open') =>
  trainer.runChanged({ run, revision, state });
const canceled = (run: RunReference) => changed(run, 1, 'canceled');

async function trained(run: RunReference, meanwhile = async () => {}): Promise<void> {
  whileTraining = meanwhile;
  await trainer.trainRun(run.id, jobDelivery());
}

async function recordOf({ id }: RunReference) {
  const [training] = await opened.ports.database.transaction('test', (tx) =>
    trainings.find(tx, [id]),
  );
  return training;
}

/** What left for a run: its jobs and announcements. */
async function sent({ id }: RunReference) {
  const all = await opened.published();
  return all.filter(({ data }) => data.runId === id || data.run?.id === id);
}

async function jobsOf(run: RunReference): Promise<string[]> {
  return (await sent(run)).filter(({ type }) => type === 'job gan-train').map(({ id }) => id);
}

async function announced(run: RunReference) {
  return (await sent(run)).filter(({ type }) => type === 'deepstyle.gan.ready.v1');
}

describe('the training of a canceled run', () => {
  test('is not begun; resumed, it waits for a worker', async () => {
    const run = newRun();
    await ready(run);
    await canceled(run);
    await trained(run);
    expect(await recordOf(run)).toMatchObject({ state: 'canceled' });
    await changed(run, 2);
    expect(await recordOf(run)).toMatchObject({ state: 'queued' });
    expect(new Set(await jobsOf(run)).size).toBe(2);
    expect(await announced(run)).toEqual([]);
  });

  test('is planned as canceled where its garments come later', async () => {
    const run = newRun();
    await canceled(run);
    await ready(run);
    expect(await recordOf(run)).toMatchObject({ state: 'canceled', garments: GARMENTS });
    expect(await jobsOf(run)).toEqual([]);
    await changed(run, 2);
    expect(await recordOf(run)).toMatchObject({ state: 'queued' });
    expect(await jobsOf(run)).toHaveLength(1);
  });

  test('stops at work, with its job, and announces nothing', async () => {
    const run = newRun();
    await ready(run);
    await expect(trained(run, () => canceled(run))).rejects.toMatchObject({
      reason: 'STALE_ATTEMPT',
    });
    // The next delivery of the job.
    await trained(run);
    expect(await recordOf(run)).toMatchObject({ state: 'canceled' });
    expect(await announced(run)).toEqual([]);
  });

  test('goes on where the resumption came before the cancellation', async () => {
    const run = newRun();
    await ready(run);
    await changed(run, 2);
    await canceled(run);
    expect(await recordOf(run)).toMatchObject({ state: 'queued' });
  });
});

describe('the retry of a run', () => {
  test('whose training failed plans it anew, with the garments of now', async () => {
    const run = newRun();
    await ready(run);
    await trained(run);
    expect(await recordOf(run)).toMatchObject({ state: 'failed', attempt: 1 });
    cropped = GARMENTS + 1;
    for (let time = 0; time < 2; time += 1) await ready(inRetry(run));
    cropped = GARMENTS;
    expect(await recordOf(run)).toMatchObject({ state: 'queued', outcome: null, reason: null });
    const pinned = await opened.ports.database.transaction('test', (tx) =>
      listTrainingGarments(tx, run.id),
    );
    expect(pinned).toHaveLength(GARMENTS + 1);
    expect(new Set(await jobsOf(run)).size).toBe(2);
    await trained(run);
    expect(await recordOf(run)).toMatchObject({ state: 'failed', attempt: 2 });
    expect(await announced(run)).toMatchObject([
      { id: `gan.ready:${run.id}` },
      { id: `gan.ready:${run.id}:1`, data: { run: inRetry(run) } },
    ]);
  });

  test('that has its model says so at once', async () => {
    const run = newRun();
    await ready(run);
    const { database } = opened.ports;
    const now = new Date();
    await database.transaction('test', async (tx) => {
      await trainings.take(tx, run.id, now, now);
      const end = { state: 'done', outcome: 'trained', modelId: 'm', reason: 'trained' } as const;
      await closeTraining(tx, { id: run.id, attempt: 1 }, { ...end, steps: 1 }, now);
    });
    for (let time = 0; time < 2; time += 1) await ready(inRetry(run));
    expect(await announced(run)).toMatchObject([
      {
        id: `gan.ready:${run.id}:1`,
        data: { run: inRetry(run), outcome: 'trained', modelId: 'm', reason: 'trained' },
      },
    ]);
    expect(await jobsOf(run)).toHaveLength(1);
  });

  test('leaves a training that is under way to its worker, whose end is the one of the retry', async () => {
    const run = newRun();
    await ready(run);
    let meanwhile = () => ready(inRetry(run));
    await trained(run, () => {
      const once = meanwhile();
      meanwhile = async () => {};
      return once;
    });
    expect(await announced(run)).toMatchObject([
      { id: `gan.ready:${run.id}:1`, data: { run: inRetry(run), outcome: 'skipped' } },
    ]);
    expect(await jobsOf(run)).toHaveLength(1);
  });

  test('takes nothing from garments that were ready before it', async () => {
    const run = newRun();
    await changed(inRetry(run), 3);
    await ready(run);
    expect(await recordOf(run)).toBeUndefined();
    await ready(inRetry(run));
    await ready(run);
    expect(await recordOf(run)).toMatchObject({ state: 'queued', run: inRetry(run) });
  });
});
