import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ModelRecord } from '../src/records.ts';
import { type RunningDetector, runDetector } from './running-detector.ts';

const FAILED_PRECONDITION = 9;

function modelOf(id: string): ModelRecord {
  return {
    id,
    datasetId: 'known',
    categories: ['dress', 'skirt, "mini"'],
    ap: 0.41,
    ap50: 0.63,
    createdAt: new Date('2026-01-01T00:00:00.001Z'),
  };
}

describe('a detector without a model', () => {
  let service: RunningDetector;
  beforeAll(async () => {
    service = await runDetector([]);
  });
  afterAll(() => service.close());

  test('answers GetActiveModel with the reason and the way out', async () => {
    await expect(service.getActiveModel()).rejects.toMatchObject({
      code: FAILED_PRECONDITION,
      details: expect.stringMatching(/not trained yet.*detector "none"/s),
    });
    const error = await service.getActiveModel().catch((thrown: unknown) => thrown);
    const { metadata } = error as { metadata: { get(name: string): unknown[] } };
    expect(metadata.get('deepstyle-reason')).toEqual(['DETECTOR_NOT_TRAINED']);
  });

  test('has no active model in the graph', async () => {
    const { data } = await service.graph('{ activeDetectorModel { id } }');
    expect(data.activeDetectorModel).toBeNull();
  });

  test.each([
    ['dataset_unknown', 'NOT_FOUND', 'There is no dataset with the id unknown.'],
    ['dataset_known', 'NOT_AVAILABLE_YET', 'Training detectors is not available in this version'],
    ['photo_x', 'INVALID_ARGUMENT', 'not the id of a Dataset'],
  ])('training on %s is the user error %s', async (dataset, code, message) => {
    const { data } = await service.graph(
      `mutation ($dataset: ID!) { trainDetector(input: { idempotencyKey: "1", dataset: $dataset }) {
         model { id } userErrors { code message }
       } }`,
      { dataset },
    );
    expect(data.trainDetector).toEqual({
      model: null,
      userErrors: [{ code, message: expect.stringContaining(message) }],
    });
  });

  test.each([
    ['none', 'SKIPPED'],
    ['model-1', 'WAITING'],
  ])('detection in a run with detector %s is %s', async (pinned, state) => {
    const id = randomUUID();
    const gan = { steps: null, skip: false };
    const run = { id, season: 'SS2026', brand: null, detector: pinned, gan };
    expect(await detectionOf(id)).toMatchObject({ state: 'WAITING', updatedAt: null });
    const completed = { run, photos: 3, duplicates: 0, rejected: 0 };
    await service.publish(completed);
    await service.publish(completed);
    await expectSoon(async () => {
      const detection = await detectionOf(id);
      return detection.state === state && detection.updatedAt !== null;
    });
  });

  async function detectionOf(id: string) {
    const { data } = await service.graph(
      `query ($representations: [_Any!]!) {
         _entities(representations: $representations) {
           ... on Run { detection { state done failed expected stalled updatedAt } }
         }
       }`,
      { representations: [{ __typename: 'Run', id: `run_${id}` }] },
    );
    return data._entities[0].detection;
  }
});

describe('a detector with models', () => {
  let service: RunningDetector;
  beforeAll(async () => {
    service = await runDetector([modelOf('first'), modelOf('second')]);
  });
  afterAll(() => service.close());

  test('names the newest active one to the scraper', async () => {
    expect(await service.getActiveModel()).toEqual({
      modelId: 'second',
      categories: ['dress', 'skirt, "mini"'],
    });
  });

  test('shows models in the graph', async () => {
    const { data } = await service.graph(
      '{ activeDetectorModel { id } detectorModel(id: "detector_first") { id ap ap50 categories createdAt dataset { id } } }',
    );
    expect(data).toEqual({
      activeDetectorModel: { id: 'detector_second' },
      detectorModel: {
        id: 'detector_first',
        ap: 0.41,
        ap50: 0.63,
        categories: ['dress', 'skirt, "mini"'],
        createdAt: '2026-01-01T00:00:00.001Z',
        dataset: { id: 'dataset_known' },
      },
    });
  });
});

async function expectSoon(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error('it did not become true');
}
