import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '@deepstyle/engine';
import { readSettings } from '@deepstyle/platform';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { type CocoDetection, decodeRgb, readCoco, readCocoDetections } from '@deepstyle/vision';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { DETECTOR_SETTINGS } from '../../src/config.ts';
import { type DetectRequest, detectFiles } from '../../src/files/detect-files.ts';
import { listPhotos } from '../../src/files/list-photos.ts';
import { foldStatistics, initialParams, initialStatistics } from '../../src/model/faster-rcnn.ts';
import { encodeModel } from '../../src/model-file.ts';
import { drawImage } from '../drawn-dataset.ts';
import { TINY_SETTINGS, tinyHyperparameters } from '../tiny-hyperparameters.ts';

const { architecture } = tinyHyperparameters();
const initial = initialParams(createRandom(1), architecture);
/** Of random weights: whatever it finds is good enough here. */
const weights = encodeModel({
  architecture,
  weights: foldStatistics(initial, initialStatistics(initial)),
  categories: [
    { name: 'dress', type: 'full' },
    { name: 'shirt/blouse', type: 'upper' },
  ],
});
const settings = readSettings(DETECTOR_SETTINGS, TINY_SETTINGS);

let folder: TemporaryFolder;
let outputs = 0;
let request: DetectRequest;

beforeAll(async () => {
  folder = await temporaryFolder('detect-files');
  await mkdir(join(folder.path, 'photos/look'), { recursive: true });
  const images = await Promise.all(Array.from({ length: 10 }, (_, i) => drawImage(i)));
  for (const [i, { png }] of images.entries()) await writeFile(photo(`look/${i}.png`), png);
  // On its side: shown, it is 48 wide and 96 high.
  const [first] = images;
  const turned = sharp(first?.png).resize(96, 48, { fit: 'fill' }).withMetadata({ orientation: 6 });
  await writeFile(photo('turned.jpg'), await turned.jpeg().toBuffer());
});
afterAll(() => folder.remove());
beforeEach(async () => {
  outputs += 1;
  request = {
    ...{
      weights,
      model: 'mine',
      photos: await listPhotos([join(folder.path, 'photos')]),
      settings,
    },
    ...{ output: out(), withCrops: false, minScore: 0.345, signal: new AbortController().signal },
    onProgress: () => {},
  };
});

const photo = (name: string) => join(folder.path, 'photos', name);
const out = (...names: string[]) => join(folder.path, `out-${outputs}`, ...names);
const json = async (name: string) => JSON.parse(await readFile(out(name), 'utf8'));
const filesOf = async () => {
  const entries = await readdir(out(), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
};

const maxOf = (data: Uint8Array, at: number) => Math.max(data[at + 1] ?? 0, data[at + 2] ?? 0);

describe('photographs of a folder', () => {
  test('end as pictures with boxes and two COCO files that fit each other', async () => {
    const result = await detectFiles(request);
    expect(result).toMatchObject({ photos: 11, detected: 11, failed: [], minScore: 0.345 });
    const truth = readCoco(await json('images.json'));
    const detections = readCocoDetections(await json('detections.json'), truth);
    expect(detections.length).toBe(result.detections);
    expect(detections.length).toBeGreaterThan(0);
    expect(truth.categories).toEqual([
      { id: 1, name: 'dress', supercategory: 'full' },
      { id: 2, name: 'shirt/blouse', supercategory: 'upper' },
    ]);
    expect(truth.images.at(-1)).toEqual({
      ...{ id: 11, file_name: 'turned.jpg', width: 48, height: 96, drawn: 'pictures/turned.jpg' },
    });
    expect(truth.images[0]).toMatchObject({
      file_name: 'look/0.png',
      drawn: 'pictures/look/0.jpg',
    });
    for (const { bbox, score, image_id } of detections) {
      const image = truth.images[image_id - 1];
      expect(score).toBeGreaterThanOrEqual(0.345);
      expect(bbox[0] + bbox[2]).toBeLessThanOrEqual(image?.width ?? 0);
      expect(bbox[1] + bbox[3]).toBeLessThanOrEqual(image?.height ?? 0);
    }
    expect(await filesOf()).toBe(13);
  });

  test('are drawn as they are shown, with a box on each that has a garment', async () => {
    const { garments, categories } = await detectFiles(request);
    expect(categories.reduce((sum, one) => sum + one.garments, 0)).toBe(garments);
    const drawn = await decodeRgb(out('pictures/turned.jpg'));
    expect([drawn.width, drawn.height]).toEqual([48, 96]);
    const found: CocoDetection[] = await json('detections.json');
    const isFound = found.some(({ image_id }) => image_id === 1);
    const before = await decodeRgb(photo('look/0.png'));
    const after = await decodeRgb(out('pictures/look/0.jpg'));
    const changed = after.data.filter((byte, i) => Math.abs(byte - Number(before.data[i])) > 60);
    expect(changed.length > 60).toBe(isFound);
  });

  test('give crops by category, as large as their boxes, that no box is drawn on', async () => {
    const { garments } = await detectFiles({ ...request, withCrops: true });
    expect(await filesOf()).toBe(13 + garments);
    expect(['dress', 'shirt_blouse']).toEqual(expect.arrayContaining(await readdir(out('crops'))));
    const names = await readdir(out('crops'), { recursive: true });
    const crops = await Promise.all(
      names.filter((name) => name.endsWith('.jpg')).map((name) => decodeRgb(out('crops', name))),
    );
    const found: CocoDetection[] = await json('detections.json');
    // Rounded, each edge may be half a pixel off.
    const areas = found.map(({ bbox }) => (bbox[2] - 1) * (bbox[3] - 1)).sort((a, b) => a - b);
    const cut = crops.map(({ width, height }) => width * height).sort((a, b) => a - b);
    for (const [i, area] of areas.entries()) expect(cut[i]).toBeGreaterThanOrEqual(area);
    // Nothing in the photographs is black, as the edges of lines and the letters are.
    for (const { data } of crops)
      expect(data.some((byte, at) => at % 3 === 0 && byte + maxOf(data, at) < 40)).toBe(false);
  });

  test('give the same files again, byte for byte', async () => {
    await detectFiles(request);
    const again = join(folder.path, `out-${outputs}-again`);
    await detectFiles({ ...request, output: again });
    for (const name of ['detections.json', 'images.json', 'pictures/turned.jpg'])
      expect(Buffer.compare(await readFile(out(name)), await readFile(join(again, name)))).toBe(0);
  });

  test('without a least score have all that COCO wants in detections.json, and what a run cuts in pictures', async () => {
    const result = await detectFiles({ ...request, minScore: null });
    expect(result).toMatchObject({ minScore: 0.05, drawnMinScore: 0.5 });
    expect(result.detections).toBeGreaterThan(result.garments);
  });

  test('that are certain of nothing are written and counted', async () => {
    const result = await detectFiles({ ...request, minScore: 1 });
    expect(result).toMatchObject({ detected: 11, withoutGarments: 11, garments: 0 });
    expect(await json('detections.json')).toEqual([]);
    expect((await json('images.json')).images).toHaveLength(11);
  });
});

describe('what is no photograph', () => {
  test('is named and counted; the others are written', async () => {
    const mixed = join(folder.path, 'mixed');
    await mkdir(mixed);
    const whole = await readFile(photo('look/1.png'));
    await writeFile(join(mixed, 'a-half.png'), whole.subarray(0, whole.length / 2));
    await writeFile(join(mixed, 'b-empty.jpg'), '');
    await writeFile(join(mixed, 'c-text.jpg'), 'no picture');
    await writeFile(join(mixed, 'd-whole.png'), whole);
    await writeFile(join(mixed, 'e-notes.txt'), 'left out');
    const told: number[] = [];
    const result = await detectFiles({
      ...{ ...request, photos: await listPhotos([mixed]) },
      onProgress: ({ done, failed }) => told.push(done + failed),
    });
    expect(result).toMatchObject({ photos: 4, detected: 1, otherFiles: 1 });
    expect(result.failed.map(({ name }) => name)).toEqual([
      ...['a-half.png', 'b-empty.jpg', 'c-text.jpg'],
    ]);
    for (const { reason } of result.failed) expect(reason).toMatch(/cannot be decoded: /);
    expect(told).toEqual([0, 1, 2, 3, 4]);
    expect((await json('images.json')).images).toMatchObject([{ id: 1, file_name: 'd-whole.png' }]);
  });

  test('of 1 x 4,000 px is seen and drawn like any other', async () => {
    const thin = join(folder.path, 'thin.png');
    const background = { r: 90, g: 60, b: 30 };
    const create = { width: 1, height: 4000, channels: 3, background } as const;
    await sharp({ create }).png().toFile(thin);
    const result = await detectFiles({
      ...{ ...request, photos: await listPhotos([thin]), withCrops: true },
    });
    expect(result).toMatchObject({ detected: 1, failed: [] });
    const { width, height } = await decodeRgb(out('pictures/thin.jpg'));
    expect([width, height]).toEqual([1, 4000]);
  });

  test('too many pixels are told with the limit', async () => {
    const result = await detectFiles({ ...request, settings: { ...settings, maxPixels: 4100 } });
    expect(result.failed).toMatchObject([{ name: 'turned.jpg' }]);
    expect(result.failed[0]?.reason).toMatch(/48 = 4608 pixels, more than the limit of 4100/);
  });
});

describe('nothing is written', () => {
  test.each<[string, string, () => Partial<DetectRequest>]>([
    ['half a model', 'NOT_A_DETECTOR', () => ({ weights: weights.subarray(0, 5000) })],
    ['a full folder', 'OUTPUT_FOLDER', () => ({ output: join(folder.path, 'photos') })],
  ])('for %s', async (_name, reason, change) => {
    await expect(detectFiles({ ...request, ...change() })).rejects.toMatchObject({ reason });
    await expect(readdir(out())).rejects.toThrow(/ENOENT/);
  });
});

test('stopped, it leaves the photographs that were done, and COCO files of them', async () => {
  const stopping = new AbortController();
  const result = await detectFiles({
    ...{ ...request, signal: stopping.signal },
    onProgress: ({ done }) => {
      if (done === 2) stopping.abort();
    },
  });
  expect(result).toMatchObject({ photos: 11, detected: 2 });
  expect((await json('images.json')).images).toHaveLength(2);
  expect(await filesOf()).toBe(4);
});
