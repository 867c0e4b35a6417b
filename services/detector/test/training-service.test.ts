import { randomUUID } from 'node:crypto';
import { decodeSafetensors } from '@deepstyle/engine';
import { sweptFrom } from '@deepstyle/testkit/services';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeDataset } from './drawn-dataset.ts';
import { IMAGES, type RunningDetector, runDetector, STEPS } from './running-detector.ts';

const FAILED_PRECONDITION = 9;

let detector: RunningDetector;
beforeAll(async () => {
  detector = await runDetector();
});
afterAll(() => detector.close());

describe('without a model', () => {
  test('GetActiveModel answers with the reason and the way out', async () => {
    const error = await detector.getActiveModel().catch((thrown: unknown) => thrown);
    const { metadata } = error as { metadata: { get(name: string): unknown[] } };
    expect(error).toMatchObject({
      code: FAILED_PRECONDITION,
      details: expect.stringMatching(/not trained yet.*detector "none"/s),
    });
    expect(metadata.get('deepstyle-reason')).toEqual(['DETECTOR_NOT_TRAINED']);
  });

  test('the graph has no active one', async () => {
    const { data } = await detector.graph('{ activeDetectorModel { id } }');
    expect(data.activeDetectorModel).toBeNull();
  });

  test.each([
    [{ dataset: 'dataset_unknown' }, 'NOT_FOUND', 'no dataset with the id unknown'],
    [{ dataset: 'photo_x' }, 'INVALID_ARGUMENT', 'not the id of a Dataset'],
    [{ steps: 0 }, 'INVALID_ARGUMENT', 'steps: must be from 1'],
    [{ maxSeconds: -1 }, 'INVALID_ARGUMENT', 'maxSeconds: must be from 1'],
    [{ idempotencyKey: '' }, 'INVALID_ARGUMENT', 'idempotencyKey'],
  ])('a request with %o is the user error %s', async (change, code, message) => {
    expect(await detector.train(change)).toEqual({
      training: null,
      userErrors: [expect.objectContaining({ code, message: expect.stringContaining(message) })],
    });
  });

  test.each([
    ['whose images are not stored', { storedImages: 0 }, /none of its images are stored/],
    [
      'with nothing in the split train',
      { splits: { train: 0, val: 2, test: 0, none: 0 } },
      /train/,
    ],
    ['without categories', { categories: [] }, /no category/],
  ])('a dataset %s cannot be trained on', async (_, change, message) => {
    const dataset = await storeDataset(detector.objects, { images: 2 });
    const id = randomUUID();
    detector.addDataset({ ...dataset, datasetId: id, ...change });
    const { userErrors } = await detector.train({ dataset: `dataset_${id}` });
    expect(userErrors).toEqual([
      expect.objectContaining({
        code: 'DATASET_NOT_TRAINABLE',
        message: expect.stringMatching(message),
      }),
    ]);
  });

  test('nobody trains without the token', async () => {
    const { errors } = await detector.graph(
      `mutation ($input: TrainDetectorInput!) { trainDetector(input: $input) { training { id } } }`,
      { input: detector.request() },
      null,
    );
    expect(errors?.[0]?.message).toMatch(/API token/);
  });
});

describe('a training', () => {
  const first = randomUUID();
  let training: { id: string; labels: string };
  let modelId: string;
  beforeAll(async () => {
    ({ training } = await detector.train({ idempotencyKey: first }));
    modelId = (await detector.ended(training.id)).model.id;
  });

  test('is announced once, with what the model tells apart and how well', async () => {
    await detector.event(({ type }) => type === 'deepstyle.detector.trained.v1');
    expect(detector.eventsOf('deepstyle.detector.trained.v1')).toEqual([
      {
        modelId: modelId.replace('detector_', ''),
        modelGlobalId: modelId,
        datasetId: detector.datasetId,
        datasetGlobalId: `dataset_${detector.datasetId}`,
        labels: 'categories',
        categories: [
          { name: 'dress', type: 'full' },
          { name: 'shirt', type: 'upper' },
        ],
        evaluation: expect.objectContaining({ split: 'test', images: IMAGES / 4 }),
      },
    ]);
  });

  test('shows where it is, in steps', async () => {
    expect((await detector.ended(training.id)).progress).toEqual({
      state: 'DONE',
      done: STEPS,
      expected: STEPS,
      detail: expect.stringMatching(/trained 8 steps; AP50 .* on 4 photographs of test/),
    });
  });

  test.each([
    ['under the same key', first],
    ['under another key', randomUUID()],
  ])('asked for again %s is the same one', async (_, idempotencyKey) => {
    const again = await detector.train({ idempotencyKey });
    expect(again.training).toMatchObject({ id: training.id, progress: { state: 'DONE' } });
  });

  test('with another seed is another one', async () => {
    const other = await detector.train({ seed: 2 });
    expect(other.training.id).not.toBe(training.id);
    await detector.ended(other.training.id);
  });

  test('becomes the model for new runs again when it is asked for again', async () => {
    await detector.train();
    expect(await detector.getActiveModel()).toEqual({
      modelId: modelId.replace('detector_', ''),
      categories: ['dress', 'shirt'],
    });
  });

  test('leaves a model with its figures, curve and files', async () => {
    const { data } = await detector.graph(
      `query ($id: ID!) { detectorModel(id: $id) {
         id labels steps trainSeconds parameters categories dataset { id }
         losses { step objectness rpnBox classification box stepsPerSecond }
         evaluation { split images ap ap50 ap75 ap50ByType categories { name ap ap50 } detectionsUrl }
         onnxUrl weightsUrl
       } }`,
      { id: modelId },
    );
    const { detectorModel: model } = data;
    expect(model).toMatchObject({
      labels: 'CATEGORIES',
      steps: STEPS,
      categories: ['dress', 'shirt'],
      dataset: { id: `dataset_${detector.datasetId}` },
    });
    expect(model.parameters).toBeGreaterThan(1000);
    expect(model.losses.at(-1).step).toBe(STEPS);
    expect(model.evaluation.categories.map(({ name }: { name: string }) => name)).toEqual([
      'dress',
      'shirt',
    ]);
    for (const url of [model.onnxUrl, model.weightsUrl, model.evaluation.detectionsUrl]) {
      expect(url).toMatch(/detector\.onnx|weights\.safetensors|detections\.json/);
    }
  });

  test('keeps its files from those without the token', async () => {
    const { errors } = await detector.graph(
      'query ($id: ID!) { detectorModel(id: $id) { weightsUrl } }',
      { id: modelId },
      null,
    );
    expect(errors?.[0]?.message).toMatch(/API token/);
  });

  test('stores the detections of the split with the ids of its categories', async () => {
    const key = `models/detector/${modelId.replace('detector_', '')}/detections.json`;
    const rows = JSON.parse(new TextDecoder().decode(await detector.objects.get(key)));
    for (const { category_id, image_id } of rows) {
      expect([3, 7]).toContain(category_id);
      // Every fourth image is for testing.
      expect(image_id % 4).toBe(0);
    }
  });

  test('leaves no checkpoint behind', async () => {
    const keys: string[] = [];
    for await (const { key } of detector.objects.list('checkpoints/')) keys.push(key);
    expect(keys).toEqual([]);
  });

  test('on types tells those apart', async () => {
    const { training } = await detector.train({ labels: 'TYPES' });
    expect(training.labels).toBe('TYPES');
    await detector.ended(training.id);
    expect((await detector.getActiveModel()).categories).toEqual(['upper', 'full']);
  });
});

test('a model file holds the weights of the layers under their names', async () => {
  const { modelId } = await detector.getActiveModel();
  const tensors = decodeSafetensors(
    await detector.objects.get(`models/detector/${modelId}/weights.safetensors`),
  );
  expect(Object.keys(tensors)).toEqual(
    expect.arrayContaining(['backbone.stem.weight', 'fpn.p3lateral.weight', 'head.boxes.bias']),
  );
});

test('what no record names goes after days, of each kind, and nothing of a model', async () => {
  const orphans = [
    'checkpoints/detector/lost/1-8.safetensors',
    'models/detector/lost/detections.json',
    'models/detector/lost/detector.onnx',
    'models/detector/lost/weights.safetensors',
  ];
  expect(await sweptFrom(detector, orphans)).toEqual(orphans);
});
