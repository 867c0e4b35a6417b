import { condemnedObjects, condemnObjects, type Transaction } from '@deepstyle/storage';
import { type OpenedPorts, openPorts } from '@deepstyle/testkit/services';
import { StaleAttemptError } from '@deepstyle/training';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GAN_TRAINER_SETTINGS, type GanTrainerSettings } from '../src/config.ts';
import {
  closeTraining,
  insertDesigns,
  insertModel,
  insertModelGarments,
  insertRequest,
  insertTraining,
  insertTrainingGarments,
  listDesigns,
  listMetrics,
  listModelGarments,
  listTrainingGarments,
  trainings,
  truncateCurves,
  writeMetric,
  writeSample,
} from '../src/records.ts';
import { runOf } from './drawn-garments.ts';

let opened: OpenedPorts<GanTrainerSettings>;
beforeAll(async () => {
  opened = await openPorts({ name: 'gan-trainer', settings: GAN_TRAINER_SETTINGS });
});
afterAll(() => opened.close());

const inTx = <T>(work: (tx: Transaction) => Promise<T>) =>
  opened.ports.database.transaction('test', work);
/** A clock in seconds from the start of the test. */
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

function plan(runId: string): Promise<boolean> {
  const planned = {
    run: runOf(runId),
    state: 'queued',
    manifestHash: 'm',
    hyperparameters: null,
    garments: 16,
    outcome: null,
    modelId: null,
    reason: null,
  } as const;
  return inTx((tx) => insertTraining(tx, planned, at(0)));
}

async function planned(runId: string): Promise<string> {
  await plan(runId);
  return runId;
}

describe('the end of a training', () => {
  const ending = { state: 'done', outcome: 'trained', modelId: 'm', steps: 2 } as const;
  const end = (id: string, attempt: number) =>
    inTx(async (tx) => {
      const nothing = { generatorLoss: null, kid: null, stepsPerSecond: null };
      await writeMetric(tx, id, { step: attempt, discriminatorLoss: 1, ...nothing });
      await closeTraining(tx, { id, attempt }, { ...ending, reason: `attempt ${attempt}` }, at(1));
    });

  test('says its outcome; that of a worker whose training another has taken is refused, and all of its transaction', async () => {
    const id = await planned('ended');
    for (const seconds of [0, 20]) {
      await inTx((tx) => trainings.take(tx, id, at(seconds), at(seconds + 10)));
    }
    await expect(end(id, 1)).rejects.toBeInstanceOf(StaleAttemptError);
    await end(id, 2);
    const [training] = await inTx((tx) => trainings.find(tx, [id]));
    const outcome = { state: 'done', outcome: 'trained', modelId: 'm', step: 2, steps: 2 };
    expect(training).toMatchObject({ ...outcome, reason: 'attempt 2', detail: 'attempt 2' });
    const metrics = await inTx((tx) => listMetrics(tx, id, 10));
    expect(metrics.map(({ step }) => step)).toEqual([2]);
  });
});

describe('a plan', () => {
  test('is made once', async () => {
    const inserted = await Promise.all([plan('once'), plan('once'), plan('once')]);
    expect(inserted.filter(Boolean)).toHaveLength(1);
  });

  test('pins its garments, in the order of their ids whatever the collation', async () => {
    const runId = await planned('manifest');
    const garments = ['b', 'a', 'B'].map((id) => ({ id, imageKey: `key/${id}` }));
    await inTx((tx) => insertTrainingGarments(tx, runId, garments));
    await inTx((tx) => insertTrainingGarments(tx, runId, garments));
    const listed = await inTx((tx) => listTrainingGarments(tx, runId));
    expect(listed.map(({ id }) => id)).toEqual(['B', 'a', 'b']);
  });
});

describe('curves', () => {
  const metric = (step: number, values: object) => ({
    step,
    discriminatorLoss: null,
    generatorLoss: null,
    kid: null,
    stepsPerSecond: null,
    ...values,
  });

  test('of a long training are thinned to the limit, with every distance kept', async () => {
    const runId = await planned('long');
    await inTx(async (tx) => {
      for (let step = 1; step <= 300; step++) {
        const values = step % 50 === 0 ? { kid: step } : { discriminatorLoss: step };
        await writeMetric(tx, runId, metric(step, values));
      }
    });
    const listed = await inTx((tx) => listMetrics(tx, runId, 40));
    expect(listed.length).toBeLessThanOrEqual(40);
    expect(listed.length).toBeGreaterThan(20);
    expect(listed.filter(({ kid }) => kid !== null).map(({ step }) => step)).toEqual([
      50, 100, 150, 200, 250, 300,
    ]);
    expect(listed.map(({ step }) => step)).toEqual(
      listed.map(({ step }) => step).toSorted((a, b) => a - b),
    );
  });

  test('have samples whose images are kept from being swept', async () => {
    const runId = await planned('sampled');
    await inTx((tx) => condemnObjects(tx, ['grids/a', 'grids/b'], at(0)));
    const sample = { step: 1, imageKey: 'grids/a', widthPx: 1, heightPx: 1 };
    await inTx((tx) => writeSample(tx, runId, sample));
    expect(await inTx((tx) => condemnedObjects(tx, 'grids/', at(1), 10))).toEqual(['grids/b']);
  });

  test('keep the losses of a step that is measured too, and forget what a resumed training repeats', async () => {
    const runId = await planned('merged');
    await inTx(async (tx) => {
      await writeMetric(tx, runId, metric(5, { discriminatorLoss: 1 }));
      await writeMetric(tx, runId, metric(5, { kid: 2 }));
      await writeMetric(tx, runId, metric(6, { kid: 3 }));
      await truncateCurves(tx, runId, 5);
    });
    expect(await inTx((tx) => listMetrics(tx, runId, 10))).toEqual([
      metric(5, { discriminatorLoss: 1, kid: 2 }),
    ]);
  });
});

describe('a model', () => {
  const model = {
    id: 'model',
    runId: 'run',
    season: 'SS2026',
    sizePx: 64,
    latentSize: 100,
    parameters: 1,
    steps: 2,
    bestStep: 1,
    firstKid: 0.5,
    bestKid: null,
    featureSpace: 'pixel-8',
    manifestHash: 'm',
    hyperparameters: { width: 2 },
    garmentCount: 3,
    weightsKey: 'w',
    onnxKey: 'o',
    createdAt: at(0),
  };

  test('is stored once, and lists the garments it was trained on page by page', async () => {
    expect(await inTx((tx) => insertModel(tx, model))).toBe(true);
    expect(await inTx((tx) => insertModel(tx, model))).toBe(false);
    await inTx((tx) => insertModelGarments(tx, 'model', ['c', 'a', 'b'], false));
    await inTx((tx) => insertModelGarments(tx, 'model', ['held'], true));
    const page = (after: string) => inTx((tx) => listModelGarments(tx, 'model', after, 2));
    expect(await page('')).toEqual(['a', 'b']);
    expect(await page('b')).toEqual(['c']);
  });

  test('has designs that are stored once, with their numbers as they were', async () => {
    const request = { requestKey: 'key', modelId: 'model', count: 2, seed: '7' };
    await inTx((tx) => insertRequest(tx, request, at(0)));
    const design = {
      position: 0,
      latent: [0.1, -2],
      image: { key: 'designs/aa/b', sha256: 'b', contentType: 'image/png', bytes: 9 },
      realism: -1.5,
      nearest: [{ garmentId: 'g', distance: 0.25 }],
    };
    await inTx((tx) => condemnObjects(tx, [design.image.key], at(0)));
    await inTx((tx) => insertDesigns(tx, 'key', [design]));
    expect(await inTx((tx) => condemnedObjects(tx, 'designs/', at(1), 10))).toEqual([]);
    await inTx((tx) => insertDesigns(tx, 'key', [{ ...design, realism: 9 }]));
    expect(await inTx((tx) => listDesigns(tx, 'key', 0, 10))).toEqual([design]);
    expect(await inTx((tx) => listDesigns(tx, 'key', 1, 10))).toEqual([]);
  });
});
