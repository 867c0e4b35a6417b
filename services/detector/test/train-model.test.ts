import { EngineError } from '@deepstyle/engine';
import { type ObjectStore, ObjectStoreUnavailableError } from '@deepstyle/storage';
import { jobDelivery } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ports } from '../src/ports.ts';
import { modelsById, queueTraining, type Training, trainings } from '../src/records.ts';
import type { Hyperparameters } from '../src/training/hyperparameters.ts';
import { requestTraining } from '../src/training/request-training.ts';
import { trainModel } from '../src/training/train-model.ts';
import { alteredStore } from './altered-store.ts';
import { storeDataset } from './drawn-dataset.ts';
import { openPorts } from './opened-ports.ts';

const STEPS = 6;

let opened: Awaited<ReturnType<typeof openPorts>>;
let ports: Ports;
let datasetId: string;
let seed = 0;

beforeAll(async () => {
  opened = await openPorts();
  ({ ports } = opened);
  const dataset = await storeDataset(ports.objects, { images: 8, corrupt: 1 });
  opened.addDataset(dataset);
  ({ datasetId } = dataset);
}, 60_000);
afterAll(() => opened.close());

/** Each with a seed of its own, else it would be the same one. */
function request(steps = STEPS): Promise<Training> {
  seed += 1;
  const options = { labels: 'categories', maxSeconds: null, seed } as const;
  return requestTraining(ports, { idempotencyKey: `${seed}`, datasetId, steps, ...options });
}

function work<T>(act: Parameters<typeof ports.database.transaction<T>>[1]): Promise<T> {
  return ports.database.transaction('test', act);
}

const find = async (id: string) => (await work((tx) => trainings.find(tx, [id])))[0] as Training;

describe('a worker whose training is another’s by now', () => {
  async function steal(id: string): Promise<void> {
    await work((tx) =>
      tx.query('UPDATE trainings SET lease_until = $2 WHERE id = $1', [id, new Date(0)]),
    );
    await work((tx) => trainings.take(tx, id, new Date(), new Date(Date.now() + 1e6)));
  }

  test('leaves its successor’s checkpoint alone and waits for the end', async () => {
    const { id } = await request();
    const { objects } = ports;
    const put: ObjectStore['put'] = async (key, ...rest) => {
      const stored = await objects.put(key, ...rest);
      // Another worker takes the training before the checkpoint is noted.
      if (key.endsWith('-3.safetensors')) await steal(id);
      return stored;
    };
    const thief = alteredStore(objects, { put });
    const stopping = new AbortController();
    const running = trainModel(
      { ...ports, objects: thief },
      id,
      jobDelivery({ signal: stopping.signal }),
    );
    while ((await find(id)).attempt < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    stopping.abort();
    await expect(running).rejects.toMatchObject({ reason: 'TRAINING_INTERRUPTED' });
    expect((await find(id)).checkpoint?.step).toBe(2);
  }, 60_000);
});

describe('a training that cannot succeed', () => {
  /** What a request cannot ask for. */
  async function queueWith(change: Partial<Hyperparameters>): Promise<string> {
    const { hyperparameters } = await request();
    const id = `changed-${seed}`;
    await work((tx) =>
      queueTraining(
        tx,
        { id, datasetId, labels: 'categories', hyperparameters: { ...hyperparameters, ...change } },
        new Date(),
      ),
    );
    return id;
  }

  test('ends with the step and the tensor that became NaN', async () => {
    const id = await queueWith({ learningRate: 1e30, warmUpSteps: 1 });
    await trainModel(ports, id, jobDelivery());
    expect(await find(id)).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/NonFiniteError: Step \d+: tensor '.+' holds NaN or infinity/),
    });
  }, 60_000);

  test('on a device that is not installed ends with what to install', async () => {
    const { id } = await request();
    const settings = { ...ports.settings, device: 'tfjs-node-gpu' } as const;
    await trainModel({ ...ports, settings }, id, jobDelivery());
    expect(await find(id)).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(
        /'tfjs-node-gpu' is not available here.*scripts\/tfjs-node\/build.sh/,
      ),
    });
  });

  test('waits for a store that is away, however often it was tried', async () => {
    const { id } = await request();
    const away = alteredStore(ports.objects, {
      stream: () => Promise.reject(new ObjectStoreUnavailableError('the disk is away')),
    });
    const broken = { ...ports, objects: away };
    await expect(trainModel(broken, id, jobDelivery({ isLast: true }))).rejects.toThrow(/away/);
    expect((await find(id)).state).toBe('running');
  });

  test('fails at its last try with what it met, not before', async () => {
    const { id } = await request();
    const odd = alteredStore(ports.objects, {
      stream: () => Promise.reject(new Error('an odd answer')),
    });
    const broken = { ...ports, objects: odd };
    await expect(trainModel(broken, id, jobDelivery())).rejects.toThrow(/odd/);
    expect((await find(id)).state).toBe('running');
    await trainModel(broken, id, jobDelivery({ isLast: true }));
    expect(await find(id)).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/odd answer/),
    });
  });

  test('begins anew when it is asked for again', async () => {
    const { id, labels, hyperparameters } = await request();
    const broken = {
      ...ports,
      calls: {
        ...ports.calls,
        getDataset: async () => Promise.reject(new EngineError('X', 'broken')),
      },
    };
    await trainModel(broken, id, jobDelivery());
    expect((await find(id)).state).toBe('failed');
    const options = { labels, steps: STEPS, maxSeconds: null, seed: hyperparameters.seed };
    const again = await requestTraining(ports, { idempotencyKey: 'again', datasetId, ...options });
    expect(again).toMatchObject({ id, state: 'queued', detail: null });
  });
});

test('a training bounded in time ends with the steps that it had time for', async () => {
  seed += 1;
  const { id } = await requestTraining(ports, {
    idempotencyKey: 'timed',
    datasetId,
    labels: 'types',
    steps: 1_000_000,
    maxSeconds: 4,
    seed,
  });
  await trainModel(ports, id, jobDelivery());
  const [model] = await work((tx) => modelsById(tx, [id]));
  expect(model?.steps).toBeLessThan(1_000_000);
  expect((await find(id)).state).toBe('done');
}, 60_000);
