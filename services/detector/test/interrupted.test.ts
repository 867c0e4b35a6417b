import { jobDelivery } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Ports } from '../src/ports.ts';
import { modelsById, trainings } from '../src/records.ts';
import { requestTraining } from '../src/training/request-training.ts';
import { trainModel } from '../src/training/train-model.ts';
import { stoppingAt } from './altered-store.ts';
import { storeDataset } from './drawn-dataset.ts';
import { openPorts } from './opened-ports.ts';

type Opened = Awaited<ReturnType<typeof openPorts>>;
let whole: Opened;
let stopped: Opened;

beforeAll(async () => {
  [whole, stopped] = [await openPorts(), await openPorts()];
}, 60_000);
afterAll(async () => {
  await whole.close();
  await stopped.close();
});

/** A training of its own in each of the stores. */
async function planned({ ports, addDataset }: Opened): Promise<string> {
  const dataset = await storeDataset(ports.objects, { images: 8, corrupt: 1 });
  addDataset(dataset);
  const { id } = await requestTraining(ports, {
    idempotencyKey: 'once',
    datasetId: dataset.datasetId,
    labels: 'categories',
    steps: 6,
    maxSeconds: null,
    seed: 1,
  });
  return id;
}

async function weightsOf({ database, objects }: Ports, id: string): Promise<string> {
  const [model] = await database.transaction('test', (tx) => modelsById(tx, [id]));
  return Buffer.from(await objects.get(model?.weightsKey ?? '')).toString('base64');
}

async function trainingOf({ database }: Ports, id: string) {
  const [training] = await database.transaction('test', (tx) => trainings.find(tx, [id]));
  return training;
}

test('a training stopped twice goes on and ends with the weights of one that was not, bit for bit', async () => {
  const id = await planned(whole);
  await trainModel(whole.ports, id, jobDelivery());

  expect(await planned(stopped)).toBe(id);
  for (const step of [2, 4]) {
    const { signal, objects } = stoppingAt(step, stopped.ports.objects);
    const running = trainModel({ ...stopped.ports, objects }, id, jobDelivery({ signal }));
    await expect(running).rejects.toMatchObject({ reason: 'TRAINING_INTERRUPTED' });
    expect(await trainingOf(stopped.ports, id)).toMatchObject({ checkpoint: { step } });
  }
  await trainModel(stopped.ports, id, jobDelivery());

  expect(await trainingOf(stopped.ports, id)).toMatchObject({ state: 'done', attempt: 3 });
  const [one, other] = [await weightsOf(whole.ports, id), await weightsOf(stopped.ports, id)];
  expect(one.length).toBeGreaterThan(1000);
  expect(one === other).toBe(true);
}, 120_000);
