import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { idKey } from '../../src/coco/values.ts';
import { createTestFolder, type TestFolder } from '../drawn-deepfashion.ts';
import { readAll } from '../reading.ts';
import { annotation, drawnCoco, readCoco } from './drawn-coco.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

/** The file with its first annotation changed: that of image 7, which has 100 x 80 px. */
function changed(change: object, remove: readonly string[] = []) {
  const coco = drawnCoco();
  const first = { ...annotation(11, 7, 2, [10, 10, 30, 40]), ...change };
  for (const field of remove) Reflect.deleteProperty(first, field);
  return { ...coco, annotations: [first] };
}

async function firstOf(coco: Parameters<typeof readCoco>[1]) {
  const { images, irregularities } = await readCoco(folder, coco);
  const [first] = images.flatMap(({ annotations }) => annotations);
  return { first, codes: irregularities.map(({ code }) => code) };
}

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
    const coco = changed({ area: 'HERE' });
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
    const text = JSON.stringify(changed({ area: 'HERE' })).replace('"HERE"', word);
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
    const coco = changed(ofAnnotation);
    Object.assign(coco.images[0] ?? {}, ofImage);
    const { first } = await firstOf(coco);
    expect(first).toMatchObject({ bbox: [10, 10, 30, 40], iscrowd: 0 });
  });

  test('a crowd that is true is one', async () => {
    expect(await firstOf(changed({ iscrowd: true }))).toMatchObject({
      first: { iscrowd: 1 },
      codes: ['NUMBER_AS_TEXT', 'CROWDS'],
    });
  });
});

/** Runs of a mask of 100 x 80 px over the columns 10 to 39 and the rows 10 to 49. */
const RUNS = [10 * 80 + 10, ...Array.from({ length: 29 }, () => [40, 40]).flat(), 40, 60 * 80 + 30];

describe('a box that lacks is that of the mask', () => {
  const polygon = [10, 10, 40, 10, 40, 50, 10, 50];
  test.each<[string, unknown]>([
    ['polygons', [polygon]],
    ['a polygon without its outer list, as VIA writes it', polygon],
    [
      'points, as labelme has them',
      [
        [10, 10],
        [40, 10],
        [40, 50],
        [10, 50],
      ],
    ],
    [
      'a list of points in a list',
      [
        [
          [10, 10],
          [40, 10],
          [40, 50],
          [10, 50],
        ],
      ],
    ],
    ['two polygons of which one is a line', [polygon, [12, 12, 20, 20]]],
    ['run lengths', { size: [80, 100], counts: RUNS }],
    // As pycocotools.mask packs the same runs.
    ['run lengths as text', { size: [80, 100], counts: packed(RUNS) }],
    ['a run over two columns', { size: [80, 100], counts: [10 * 80 + 10, 40, 40, 40, 7070] }],
  ])('%s', async (name, segmentation) => {
    const { first, codes } = await firstOf(changed({ segmentation }, ['bbox']));
    const width = name.includes('two columns') ? 2 : 30;
    expect(first?.bbox).toEqual([10, 10, width, 40]);
    expect(codes).toContain('BOX_FROM_SEGMENTATION');
  });

  test.each<[string, unknown]>([
    ['empty', null],
    ['zeros', [0, 0, 0, 0]],
    ['of nothing', []],
  ])('a box that is %s lacks', async (_, bbox) => {
    const { first } = await firstOf(
      changed({ bbox, segmentation: { size: [80, 100], counts: RUNS } }),
    );
    expect(first?.bbox).toEqual([10, 10, 30, 40]);
  });

  test.each<[string, unknown]>([
    ['runs beyond its size', { size: [8, 10], counts: RUNS }],
    ['negative runs', { size: [80, 100], counts: [10, -5, 40] }],
    ['an empty mask', { size: [80, 100], counts: [8000] }],
    ['text that is none', { size: [80, 100], counts: 'é'.repeat(50) }],
    ['text that never ends', { size: [80, 100], counts: 'o'.repeat(50) }],
    ['no size', { size: [0, 0], counts: RUNS }],
  ])('%s gives none', async (_, segmentation) => {
    const { first, codes } = await firstOf(changed({ segmentation }, ['bbox']));
    expect([first, codes]).toEqual([undefined, ['NO_BOX']]);
  });

  test('pycocotools says the same of its own run lengths', async () => {
    const path = join(import.meta.dirname, '../fixtures/masks.coco.json');
    const coco = JSON.parse(readFileSync(path, 'utf8'));
    const boxOf = (each: { id: number; bbox: unknown }) => [each.id, each.bbox] as const;
    // It counts the pixels of polygons, whose corners lie between pixels.
    const masks = coco.annotations.filter((row: { segmentation: unknown }) => {
      return !Array.isArray(row.segmentation);
    });
    const boxes = masks.map(boxOf);
    const annotations = masks.map((row: object) => ({ ...row, bbox: null }));
    expect(boxes).toHaveLength(2);
    const { images } = await readCoco(folder, { ...coco, annotations });
    expect(images.flatMap((image) => image.annotations.map(boxOf))).toEqual(boxes);
  });

  test('a run reaches from the bottom of its first column to the top of its last', async () => {
    const segmentation = { size: [80, 100], counts: [10 * 80 + 70, 20, 7110] };
    const { first } = await firstOf(changed({ segmentation }, ['bbox']));
    expect(first?.bbox).toEqual([10, 0, 2, 80]);
  });
});

/** The text of runs: of each 5 bits and one that says that more follow, from the third on as differences. */
function packed(runs: readonly number[]): string {
  return runs
    .map((run, i) => {
      let text = '';
      let rest = i > 2 ? run - (runs[i - 2] as number) : run;
      for (let more = true; more; ) {
        const bits = rest & 31;
        rest >>= 5;
        more = (bits & 16) !== 0 ? rest !== -1 : rest !== 0;
        text += String.fromCharCode(48 + bits + (more ? 32 : 0));
      }
      return text;
    })
    .join('');
}

describe('crowds', () => {
  const mask = { size: [80, 100], counts: RUNS };
  const crowd = (id: number, category: number, change = {}) => ({
    ...{ ...annotation(id, 7, category, [10, 10, 30, 40]), segmentation: mask, iscrowd: 1 },
    ...change,
  });

  test('that are all there is of a category are told', async () => {
    const coco = drawnCoco();
    const annotations = [...coco.annotations, crowd(20, 1), crowd(21, 2)];
    expect((await readCoco(folder, { ...coco, annotations })).found).toEqual([]);
    const { irregularities } = await readCoco(folder, {
      ...coco,
      annotations: [crowd(20, 1), crowd(21, 1), annotation(22, 7, 2, [1, 1, 9, 9])],
    });
    expect(irregularities).toMatchObject([
      { code: 'CROWDS', effect: 'noted', detail: '2 of 3 annotations are crowds, all of "dress".' },
    ]);
  });

  test('that are most of a file are told', async () => {
    const coco = drawnCoco();
    const annotations = [annotation(20, 7, 1, [1, 1, 9, 9]), crowd(21, 1)];
    const { irregularities } = await readCoco(folder, { ...coco, annotations });
    expect(irregularities.map(({ detail }) => detail)).toEqual(['1 of 2 annotations are crowds.']);
  });

  test('that CVAT makes of painted masks are told beside polygons too', async () => {
    const coco = drawnCoco();
    const annotations = [...coco.annotations, crowd(20, 1, { attributes: { occluded: false } })];
    const { irregularities } = await readCoco(folder, { ...coco, annotations });
    expect(irregularities.map(({ detail }) => detail)).toEqual(['1 of 4 annotations are crowds.']);
  });
});

describe('categories', () => {
  test('are one where people take their names for one', async () => {
    const other = drawnCoco();
    other.categories[0] = { id: 1, name: 'DRESS ', supercategory: 'full' };
    folder.write('annotations/instances_train.json', JSON.stringify(drawnCoco()));
    folder.write('annotations/instances_val.json', JSON.stringify(other));
    const { source, irregularities } = await readAll(folder.path);
    expect(source.categories.map(({ name }) => name)).toEqual(['dress', 'handbag']);
    expect(irregularities).toMatchObject([
      { code: 'NAME_CASE', file: 'annotations/instances_val.json' },
    ]);
  });

  test('that are only the group of others are left out, and told', async () => {
    const coco = drawnCoco();
    const [dress, bag] = coco.categories.map((row) => ({ ...row, supercategory: 'clothes-abcd' }));
    const group = { id: 0, name: 'clothes-abcd', supercategory: 'none' };
    const used = await readCoco(folder, {
      ...coco,
      categories: [{ ...group, supercategory: 'clothes-abcd' }, dress, bag],
    });
    expect(used.source.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'dress'],
      [2, 'handbag'],
    ]);
    expect(used.irregularities.map(({ code }) => code).sort()).toEqual([
      'GROUP_CATEGORY',
      'ID_NOT_POSITIVE',
    ]);
    // A category may be called as its own group is, and one that is annotated stays.
    const person = { id: 1, name: 'person', supercategory: 'person' };
    const annotations = [annotation(1, 7, 0, [1, 1, 9, 9])];
    const kept = await readCoco(folder, { ...coco, annotations, categories: [group, bag, person] });
    expect(kept.source.categories.map(({ name }) => name).sort()).toEqual([
      'clothes-abcd',
      'handbag',
      'person',
    ]);
  });

  test('have the types of Fashionpedia, and attributes from 0', async () => {
    const coco = changed({ attribute_ids: [0, 115] });
    const names = [
      ['shirt, blouse', 'upperbody'],
      ['pants', 'lowerbody'],
      ['cape', 'wholebody'],
      ['glasses', 'head'],
    ];
    const { source, images, found } = await readCoco(folder, {
      ...coco,
      categories: names.map(([name, supercategory], i) => ({ id: i + 1, name, supercategory })),
      attributes: [
        { id: 0, name: 'classic (t-shirt)', supercategory: 'nickname' },
        { id: 115, name: 'symmetrical', supercategory: 'silhouette' },
      ],
    });
    expect(found).toEqual([]);
    expect(source.categories.map(({ type }) => type)).toEqual(['upper', 'lower', 'full', 'other']);
    expect(images[1]?.annotations[0]?.attribute_ids).toEqual([0, 115]);
  });
});
