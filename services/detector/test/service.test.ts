import { randomUUID } from 'node:crypto';
import { decodeSafetensors } from '@deepstyle/engine';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { drawImage, storeDataset, storePhoto } from './drawn-dataset.ts';
import {
  type RunningDetector,
  runDetector,
  runOf,
  startDatasets,
  temporaryDataFolder,
} from './running-detector.ts';

const FAILED_PRECONDITION = 9;
const IMAGES = 16;
const STEPS = 8;

const folder = temporaryDataFolder();
let datasets: Awaited<ReturnType<typeof startDatasets>>;
let detector: RunningDetector;
let datasetId: string;

beforeAll(async () => {
  datasets = await startDatasets();
  detector = await runDetector({ datasets: datasets.address, dataFolder: folder.path });
  const dataset = await storeDataset(detector.objects, { images: IMAGES });
  datasets.add(dataset);
  datasetId = `dataset_${dataset.datasetId}`;
}, 60_000);

afterAll(async () => {
  await detector.close();
  datasets.close();
  folder.remove();
});

const request = (change: object = {}) => ({
  idempotencyKey: randomUUID(),
  dataset: datasetId,
  steps: STEPS,
  ...change,
});

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
    expect(await detector.train(request(change))).toEqual({
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
    datasets.add({ ...dataset, datasetId: id, ...change });
    const { userErrors } = await detector.train(request({ dataset: `dataset_${id}` }));
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
      { input: request() },
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
    ({ training } = await detector.train(request({ idempotencyKey: first })));
    modelId = (await detector.ended(training.id)).model.id;
  }, 120_000);

  test('is announced once, with what the model tells apart and how well', async () => {
    await detector.until(() => detector.published('deepstyle.detector.trained.v1').length > 0);
    expect(detector.published('deepstyle.detector.trained.v1')).toEqual([
      {
        modelId: modelId.replace('detector_', ''),
        modelGlobalId: modelId,
        datasetId: datasetId.replace('dataset_', ''),
        datasetGlobalId: datasetId,
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
    const again = await detector.train(request({ idempotencyKey }));
    expect(again.training).toMatchObject({ id: training.id, progress: { state: 'DONE' } });
  });

  test('with another seed is another one', async () => {
    const other = await detector.train(request({ seed: 2 }));
    expect(other.training.id).not.toBe(training.id);
    await detector.ended(other.training.id);
  }, 60_000);

  test('becomes the model for new runs again when it is asked for again', async () => {
    await detector.train(request());
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
      dataset: { id: datasetId },
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
    const { training } = await detector.train(request({ labels: 'TYPES' }));
    expect(training.labels).toBe('TYPES');
    await detector.ended(training.id);
    expect((await detector.getActiveModel()).categories).toEqual(['upper', 'full']);
  }, 60_000);
});

describe('a run with a model', () => {
  let modelId: string;
  beforeAll(async () => {
    const { training } = await detector.train(request());
    await detector.ended(training.id);
    ({ modelId } = await detector.getActiveModel());
  }, 60_000);

  const detectedIn = (runId: string) =>
    detector
      .published('deepstyle.photo.detected.v1')
      .filter(({ run }) => run.id === runId)
      .sort((a, b) => (a.photo.id < b.photo.id ? -1 : 1));
  const failedIn = (runId: string) =>
    detector.published('deepstyle.photo.failed.v1').filter(({ run }) => run.id === runId);

  async function storePhotos(count: number) {
    const images = await Promise.all(
      Array.from({ length: count }, (_, number) => drawImage(100 + number)),
    );
    return Promise.all(images.map(({ png }) => storePhoto(detector.objects, png)));
  }

  async function finish(runId: string) {
    await detector.until(async () => {
      const { state } = await detector.detectionOf(runId);
      return state === 'DONE' || state === 'FAILED';
    });
    return detector.detectionOf(runId);
  }

  test('settles every photograph once, though events come twice and the end comes first', async () => {
    const run = runOf(randomUUID(), modelId);
    const photos = await storePhotos(11);
    const completed = { run, photos: photos.length, duplicates: 0, rejected: 0 };
    await detector.publish('deepstyle.scrape.completed.v1', completed);
    for (const photo of [...photos, ...photos]) {
      await detector.publish('deepstyle.photo.stored.v1', { run, photo });
    }
    expect(await finish(run.id)).toMatchObject({
      state: 'DONE',
      done: 11,
      failed: 0,
      expected: 11,
    });
    await detector.until(() => detectedIn(run.id).length >= 11);
    const ids = detectedIn(run.id).map(({ photo }) => photo.id);
    expect(ids).toEqual(photos.map(({ id }) => id).sort());
  }, 60_000);

  test('gives a photograph the same whole-pixel boxes as another run did, in another batch', async () => {
    const [one, other] = [runOf(randomUUID(), modelId), runOf(randomUUID(), modelId)];
    const photos = await storePhotos(5);
    for (const photo of photos)
      await detector.publish('deepstyle.photo.stored.v1', { run: one, photo });
    await detector.until(() => detectedIn(one.id).length === 5);
    await detector.publish('deepstyle.photo.stored.v1', {
      run: other,
      photo: photos[3] as (typeof photos)[number],
    });
    await detector.until(() => detectedIn(other.id).length === 1);
    const before = detectedIn(one.id).find(({ photo }) => photo.id === photos[3]?.id);
    expect(detectedIn(other.id)[0]?.detections).toEqual(before?.detections);
    for (const { box } of before?.detections ?? []) {
      expect(box.every((edge) => Number.isInteger(edge) && edge >= 0 && edge <= 64)).toBe(true);
    }
  }, 60_000);

  test('counts what is no photograph as failed, names it, and still ends', async () => {
    const run = runOf(randomUUID(), modelId);
    const [good] = await storePhotos(1);
    const corrupt = await storePhoto(detector.objects, new TextEncoder().encode('not an image'));
    const completed = { run, photos: 2, duplicates: 0, rejected: 0 };
    for (const photo of [good as typeof corrupt, corrupt]) {
      await detector.publish('deepstyle.photo.stored.v1', { run, photo });
    }
    await detector.publish('deepstyle.scrape.completed.v1', completed);
    expect(await finish(run.id)).toMatchObject({ state: 'DONE', done: 1, failed: 1 });
    await detector.until(() => failedIn(run.id).length > 0);
    expect(failedIn(run.id)).toMatchObject([
      {
        run,
        photoId: corrupt.id,
        stage: 'detect',
        reason: expect.stringMatching(/cannot be decoded/),
      },
    ]);
  }, 60_000);

  test('whose model is unknown fails its photographs and says what to do', async () => {
    const run = runOf(randomUUID(), 'f'.repeat(64));
    const [photo] = await storePhotos(1);
    await detector.publish('deepstyle.photo.stored.v1', { run, photo: photo as never });
    await detector.until(() => failedIn(run.id).length > 0);
    expect(failedIn(run.id)[0]?.reason).toMatch(/no detector model f+\. Train one/);
  }, 60_000);

  test('without a detector is skipped and its photographs are not looked at', async () => {
    const run = runOf(randomUUID(), 'none');
    const [photo] = await storePhotos(1);
    await detector.publish('deepstyle.photo.stored.v1', { run, photo: photo as never });
    const completed = { run, photos: 1, duplicates: 0, rejected: 0 };
    await detector.publish('deepstyle.scrape.completed.v1', completed);
    await detector.until(async () => (await detector.detectionOf(run.id)).state === 'SKIPPED');
    expect(detectedIn(run.id)).toEqual([]);
  });

  test('shows in the graph what was found in a photograph, and by which model', async () => {
    const run = runOf(randomUUID(), modelId);
    const [photo] = await storePhotos(1);
    await detector.publish('deepstyle.photo.stored.v1', { run, photo: photo as never });
    await detector.until(() => detectedIn(run.id).length === 1);
    const { data } = await detector.graph(
      `query ($representations: [_Any!]!, $model: ID) { _entities(representations: $representations) {
         ... on Photo { detections(model: $model) { model { id } box category categoryType score } }
       } }`,
      {
        representations: [{ __typename: 'Photo', id: `photo_${photo?.id}` }],
        model: `detector_${modelId}`,
      },
    );
    expect(data._entities[0].detections).toEqual(
      detectedIn(run.id)[0]?.detections.map((detection) => ({
        ...detection,
        model: { id: `detector_${modelId}` },
      })),
    );
  }, 60_000);
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
