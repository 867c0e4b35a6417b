import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestFolder, type TestFolder } from '../drawn-deepfashion.ts';
import { annotation, drawnCoco, firstOf, readCoco, withFirst } from './drawn-coco.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

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
    const { first, codes } = await firstOf(folder, withFirst({ segmentation }, ['bbox']));
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
      folder,
      withFirst({ bbox, segmentation: { size: [80, 100], counts: RUNS } }),
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
    const { first, codes } = await firstOf(folder, withFirst({ segmentation }, ['bbox']));
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
    const { first } = await firstOf(folder, withFirst({ segmentation }, ['bbox']));
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
