import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PhotoReference, RunReference } from '@deepstyle/contracts';
import { readSettings } from '@deepstyle/platform';
import { temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DETECTOR_SETTINGS } from '../src/config.ts';
import { detectFiles } from '../src/files/detect-files.ts';
import { listPhotos } from '../src/files/list-photos.ts';
import { drawImage, storePhoto } from './drawn-dataset.ts';
import { type RunningDetector, runDetector, runOf, until } from './running-detector.ts';
import { TINY_SETTINGS } from './tiny-hyperparameters.ts';

let detector: RunningDetector;
let modelId: string;
beforeAll(async () => {
  detector = await runDetector();
  const { training } = await detector.train();
  await detector.ended(training.id);
  ({ modelId } = await detector.getActiveModel());
});
afterAll(() => detector.close());

/** The same number gives the same photograph. */
async function storeDrawn(number: number): Promise<PhotoReference> {
  const { png } = await drawImage(number);
  return storePhoto(detector.objects, png);
}

async function publishStored(run: RunReference, photos: readonly PhotoReference[]) {
  for (const photo of photos) await detector.publish('deepstyle.photo.stored.v1', { run, photo });
}

const publishCompleted = (run: RunReference, photos: number) =>
  detector.publish('deepstyle.scrape.completed.v1', { run, photos, duplicates: 0, rejected: 0 });

const detectedIn = (runId: string) =>
  detector
    .eventsOf('deepstyle.photo.detected.v1')
    .filter(({ run }) => run.id === runId)
    .sort((a, b) => (a.photo.id < b.photo.id ? -1 : 1));
const failedIn = (runId: string) =>
  detector.eventsOf('deepstyle.photo.failed.v1').filter(({ run }) => run.id === runId);

describe('a run with a model', () => {
  test('settles every photograph once, though events come twice and the end comes first', async () => {
    const run = runOf(randomUUID(), modelId);
    const photos = await Promise.all(Array.from({ length: 11 }, (_, number) => storeDrawn(number)));
    await publishCompleted(run, photos.length);
    await publishStored(run, [...photos, ...photos]);
    expect(await detector.detected(run.id)).toMatchObject({
      state: 'DONE',
      done: 11,
      failed: 0,
      expected: 11,
    });
    await until(() => detectedIn(run.id).length >= 11);
    const ids = detectedIn(run.id).map(({ photo }) => photo.id);
    expect(ids).toEqual(photos.map(({ id }) => id).sort());
  });

  test('gives a photograph the same whole-pixel boxes as another run did, in another batch', async () => {
    const [one, other] = [runOf(randomUUID(), modelId), runOf(randomUUID(), modelId)];
    const photos = await Promise.all([0, 1, 2, 3, 4].map(storeDrawn));
    const photo = await storeDrawn(3);
    await publishStored(one, photos);
    await until(() => detectedIn(one.id).length === 5);
    await publishStored(other, [photo]);
    await until(() => detectedIn(other.id).length === 1);
    const before = detectedIn(one.id).find(({ photo: { id } }) => id === photo.id);
    expect(detectedIn(other.id)[0]?.detections).toEqual(before?.detections);
    for (const { box } of before?.detections ?? []) {
      expect(box.every((edge) => Number.isInteger(edge) && edge >= 0 && edge <= 64)).toBe(true);
    }
  });

  test('finds what is found in the same photograph on the disk', async () => {
    const run = runOf(randomUUID(), modelId);
    const photo = await storeDrawn(5);
    await publishStored(run, [photo]);
    await until(() => detectedIn(run.id).length === 1);
    await using folder = await temporaryFolder('detector');
    const [path, output] = [join(folder.path, 'photo.png'), join(folder.path, 'out')];
    await writeFile(path, await detector.objects.get(photo.image.key));
    await detectFiles({
      weights: await detector.objects.get(`models/detector/${modelId}/weights.safetensors`),
      ...{
        model: modelId,
        photos: await listPhotos([path]),
        output,
        withCrops: false,
        minScore: null,
      },
      settings: readSettings(DETECTOR_SETTINGS, TINY_SETTINGS),
      ...{ signal: new AbortController().signal, onProgress: () => {} },
    });
    const onDisk = JSON.parse(await readFile(join(output, 'detections.json'), 'utf8'));
    const inRun = detectedIn(run.id)[0]?.detections ?? [];
    expect(inRun.length).toBeGreaterThan(0);
    expect(onDisk).toMatchObject(inRun.map(({ score }) => ({ score })));
    for (const [i, { box, category }] of inRun.entries()) {
      const { bbox, category_id } = onDisk[i];
      expect(category_id).toBe(['dress', 'shirt'].indexOf(category) + 1);
      const edges = [bbox[0], bbox[1], bbox[0] + bbox[2], bbox[1] + bbox[3]];
      for (const [edge, px] of edges.entries())
        expect(Math.abs(px - Number(box[edge]))).toBeLessThanOrEqual(1);
    }
  });

  test('counts what is no photograph as failed, names it, and still ends', async () => {
    const run = runOf(randomUUID(), modelId);
    const good = await storeDrawn(0);
    const corrupt = await storePhoto(detector.objects, new TextEncoder().encode('not an image'));
    await publishStored(run, [good, corrupt]);
    await publishCompleted(run, 2);
    expect(await detector.detected(run.id)).toMatchObject({ state: 'DONE', done: 1, failed: 1 });
    await until(() => failedIn(run.id).length > 0);
    expect(failedIn(run.id)).toMatchObject([
      {
        run,
        photoId: corrupt.id,
        stage: 'detect',
        reason: expect.stringMatching(/cannot be decoded/),
      },
    ]);
  });

  test('whose model is unknown fails its photographs and says what to do', async () => {
    const run = runOf(randomUUID(), 'f'.repeat(64));
    await publishStored(run, [await storeDrawn(0)]);
    await until(() => failedIn(run.id).length > 0);
    expect(failedIn(run.id)[0]?.reason).toMatch(/no detector model f+\. Train one/);
  });

  test('without a detector is skipped and its photographs are not looked at', async () => {
    const run = runOf(randomUUID(), 'none');
    await publishStored(run, [await storeDrawn(0)]);
    await publishCompleted(run, 1);
    expect(await detector.detected(run.id)).toMatchObject({ state: 'SKIPPED' });
    expect(detectedIn(run.id)).toEqual([]);
  });

  test('shows in the graph what was found in a photograph, and by which model', async () => {
    const run = runOf(randomUUID(), modelId);
    const photo = await storeDrawn(0);
    await publishStored(run, [photo]);
    await until(() => detectedIn(run.id).length === 1);
    const { data } = await detector.graph(
      `query ($representations: [_Any!]!, $model: ID) { _entities(representations: $representations) {
         ... on Photo { detections(model: $model) { model { id } box category categoryType score } }
       } }`,
      {
        representations: [{ __typename: 'Photo', id: `photo_${photo.id}` }],
        model: `detector_${modelId}`,
      },
    );
    expect(data._entities[0].detections).toEqual(
      detectedIn(run.id)[0]?.detections.map((detection) => ({
        ...detection,
        model: { id: `detector_${modelId}` },
      })),
    );
  });
});
