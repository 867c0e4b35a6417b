import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { idKey } from '../../src/coco/values.ts';
import { createTestFolder, type TestFolder } from '../drawn-deepfashion.ts';
import { readAll } from '../reading.ts';
import { annotation, drawnCoco, firstOf, readCoco, withFirst } from './drawn-coco.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

describe('ids', () => {
  test('that are numbers as text are those numbers', async () => {
    const coco = drawnCoco();
    const asText = coco.annotations.map((row) => ({
      ...row,
      ...{ id: `${row.id}`, image_id: `${row.image_id}`, category_id: `${row.category_id}.0` },
    }));
    const straight = await readCoco(folder, coco);
    const text = await readCoco(folder, { ...coco, annotations: asText });
    expect(text.images).toEqual(straight.images);
    expect(new Set(text.irregularities.map(({ code }) => code))).toEqual(
      new Set(['NUMBER_AS_TEXT']),
    );
    const images = coco.images.map((row) => ({ ...row, id: `${row.id}` }));
    const categories = coco.categories.map((row) => ({ ...row, id: `${row.id}` }));
    expect((await readCoco(folder, { ...coco, images, categories })).images).toEqual(
      straight.images,
    );
  });

  test('that are words hold an image and its annotations together', async () => {
    const coco = drawnCoco();
    const images = coco.images.map((row) => ({ ...row, id: `image ${row.id}` }));
    const annotations = coco.annotations.map((row) => ({
      ...row,
      image_id: `image ${row.image_id}`,
    }));
    const { source, irregularities } = await readCoco(folder, { ...coco, images, annotations });
    expect(source.counts).toMatchObject({ images: 2, annotations: 3 });
    expect(irregularities.map(({ code }) => code)).toEqual(['ID_NOT_POSITIVE', 'ID_NOT_POSITIVE']);
  });

  test('of 0 get a new one, and the others keep theirs', async () => {
    const coco = drawnCoco();
    coco.categories.unshift({ id: 0, name: 'hat', supercategory: 'accessory' });
    coco.images.unshift({ id: 0, width: 60, height: 40, file_name: 'c.jpg' });
    coco.annotations.push(annotation(30, 0, 0, [1, 1, 20, 20]));
    const { source, images } = await readCoco(folder, coco);
    expect(source.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'dress'],
      [2, 'handbag'],
      [3, 'hat'],
    ]);
    expect(images.map(({ id, file_name }) => [id, file_name])).toEqual([
      [3, 'sub/b.jpg'],
      [7, 'a.jpg'],
      [8, 'c.jpg'],
    ]);
    expect(images[2]?.annotations).toMatchObject([{ id: 30, category_id: 3 }]);
  });

  test('of categories beyond 31 bits get a new one, and are told', async () => {
    const coco = drawnCoco();
    const high = [2 ** 31 - 1, 3_000_000_002];
    const categories = coco.categories.map((row, i) => ({ ...row, id: high[i] }));
    const annotations = coco.annotations.map((row) => {
      return { ...row, category_id: high[(row.category_id as number) - 1] };
    });
    const { source, irregularities } = await readCoco(folder, { ...coco, categories, annotations });
    expect(source.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'handbag'],
      [2 ** 31 - 1, 'dress'],
    ]);
    expect(source.counts.annotations).toBe(3);
    expect(irregularities.map(({ code }) => code)).toEqual(['ID_TOO_LARGE']);
  });

  test('of images and annotations beyond 31 bits are kept, and beyond 53 told apart', async () => {
    const coco = drawnCoco();
    const text = JSON.stringify(coco)
      .replaceAll('"id":7,', '"id":9007199254740993,')
      .replaceAll('"image_id":7,', '"image_id":9007199254740993,')
      .replaceAll('"id":3,', '"id":9007199254740992,')
      .replaceAll('"image_id":3,', '"image_id":9007199254740992,')
      .replaceAll('"id":11,', '"id":4000000011,');
    const { images, irregularities } = await readAll(folder.write('coco.json', text));
    expect(images.map(({ annotations }) => annotations.map(({ id }) => id)).sort()).toEqual([
      [5, 4_000_000_011],
      [8],
    ]);
    expect(irregularities.map(({ code }) => code)).toEqual(['ID_NOT_POSITIVE', 'ID_NOT_POSITIVE']);
  });

  test('the largest that a number holds leaves room for others', async () => {
    const coco = drawnCoco();
    Object.assign(coco.images[0] ?? {}, { id: Number.MAX_SAFE_INTEGER });
    Object.assign(coco.images[1] ?? {}, { id: -1 });
    const { images } = await readCoco(folder, { ...coco, annotations: [] });
    expect(images.map(({ id }) => id)).toEqual([1, Number.MAX_SAFE_INTEGER]);
  });
});

test.each([
  ['7', 7],
  [' 7.0 ', 7],
  ['4000000000000001', 4_000_000_000_000_001],
  ['9007199254740993', '9007199254740993'],
  ['007', '007'],
  ['-1', -1],
  ['', null],
  [null, null],
  [false, null],
])('the id %j is compared as %j', (id, key) => {
  expect(idKey(id)).toBe(key);
});

describe('numbers that are none', () => {
  test('spoil their value and not the file', async () => {
    const coco = withFirst({ area: 'HERE' });
    coco.annotations.push({ ...annotation(12, 7, 1, [1, 1, 9, 9]), bbox: 'ALL', segmentation: [] });
    const text = JSON.stringify({ ...coco, info: { note: 'NaN, "Infinity" and \\NaN' } })
      .replace('"HERE"', 'NaN')
      .replace('"ALL"', '[NaN, -Infinity, Infinity, NaN]');
    const { images, found } = await readAll(folder.write('coco.json', text));
    expect(images.flatMap(({ annotations }) => annotations)).toMatchObject([
      { id: 11, area: 1200 },
    ]);
    const codes = found.map((each) => each.replace(/ .*/, ''));
    expect(codes).toEqual(['NAN', 'AREA_INVALID', 'NAN', 'NO_BOX']);
  });

  test.each(['nan', 'None', 'NaNs', 'undefined'])('%s is no JSON', async (word) => {
    const text = JSON.stringify(withFirst({ area: 'HERE' })).replace('"HERE"', word);
    await expect(readAll(folder.write('coco.json', text))).rejects.toMatchObject({
      reason: 'JSON_SYNTAX',
    });
  });

  test('an image may be without a size by them', async () => {
    const text = JSON.stringify(drawnCoco()).replace('"width":100', '"width":NaN');
    const { found } = await readAll(folder.write('coco.json', text));
    expect(found).toEqual([
      'NAN coco.json:1',
      'SIZE_DISAGREES coco.json:1',
      'SIZE_UNKNOWN coco.json:1',
    ]);
  });
});

describe('values of another type', () => {
  test.each<[string, object, object]>([
    ['a width as text', { width: '100' }, {}],
    ['a crowd that is false', {}, { iscrowd: false }],
    ['a crowd as text', {}, { iscrowd: '0' }],
    ['a box as text', {}, { bbox: ['10', '10', '30', '40.0'], segmentation: [] }],
  ])('%s is read', async (_, ofImage, ofAnnotation) => {
    const coco = withFirst(ofAnnotation);
    Object.assign(coco.images[0] ?? {}, ofImage);
    const { first } = await firstOf(folder, coco);
    expect(first).toMatchObject({ bbox: [10, 10, 30, 40], iscrowd: 0 });
  });

  test('a crowd that is true is one', async () => {
    expect(await firstOf(folder, withFirst({ iscrowd: true }))).toMatchObject({
      first: { iscrowd: 1 },
      codes: ['NUMBER_AS_TEXT', 'CROWDS'],
    });
  });
});
