import type { Transaction } from '@deepstyle/storage';
import { jobDelivery, type OpenedPorts, openPorts } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GAN_TRAINER_SETTINGS, type GanTrainerSettings } from '../src/config.ts';
import { renderDesigns } from '../src/generation/render-designs.ts';
import { encodeModel } from '../src/model-file.ts';
import type { Ports } from '../src/ports.ts';
import { findRequest, insertModel, insertRequest, listDesigns } from '../src/records.ts';
import { drawnModel } from './drawn-model.ts';

const COUNT = 3;
const MODEL = {
  id: 'model',
  runId: 'run',
  season: 'SS2026',
  sizePx: 64,
  latentSize: drawnModel.latentSize,
  parameters: 1,
  steps: 1,
  bestStep: 1,
  firstKid: null,
  bestKid: null,
  featureSpace: 'pixel-8',
  manifestHash: 'hash',
  hyperparameters: {},
  weightsKey: 'models/model/weights.safetensors',
  onnxKey: 'models/model/generator.onnx',
  createdAt: new Date(0),
  garmentCount: 2,
};

let opened: OpenedPorts<GanTrainerSettings>;
beforeAll(async () => {
  opened = await openPorts({ name: 'gan-trainer', settings: GAN_TRAINER_SETTINGS });
  await opened.ports.objects.put(
    MODEL.weightsKey,
    encodeModel(drawnModel),
    'application/octet-stream',
  );
  await inTx((tx) => insertModel(tx, MODEL));
});
afterAll(() => opened.close());

const inTx = <T>(work: (tx: Transaction) => Promise<T>) =>
  opened.ports.database.transaction('test', work);

async function requested(requestKey: string): Promise<void> {
  const request = { requestKey, modelId: MODEL.id, count: COUNT, seed: '7' };
  await inTx((tx) => insertRequest(tx, request, new Date()));
}

async function storedImages(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of opened.ports.objects.list('designs/')) keys.push(key);
  return keys;
}

test('images that another worker stored, and nobody chose, are not stored again once they are deleted', async () => {
  const { ports } = opened;
  await requested('twice');
  const deleteAll = async () => {
    for (const key of await storedImages()) await ports.objects.delete(key);
  };
  /** Both have taken the request; the other one comes to its end first. */
  const overtaken: Ports = {
    ...ports,
    objects: Object.create(ports.objects, {
      put: { value: ports.objects.put.bind(ports.objects) },
      get: {
        value: async (key: string) => {
          await renderDesigns(ports, 'twice', jobDelivery());
          expect(await storedImages()).toHaveLength(COUNT);
          await deleteAll();
          return ports.objects.get(key);
        },
      },
    }),
  };
  await renderDesigns(overtaken, 'twice', jobDelivery());
  expect(await storedImages()).toEqual([]);
  expect(await inTx((tx) => findRequest(tx, 'twice'))).toMatchObject({ state: 'done' });
  expect(await inTx((tx) => listDesigns(tx, 'twice', 0, 10))).toHaveLength(COUNT);
});
