import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createTestFolder,
  IMAGES,
  type ListName,
  type TestFolder,
  writeLists,
} from '../drawn-deepfashion.ts';
import { readAll, readWith } from '../reading.ts';

const [A, B, C, D] = IMAGES;
const CATEGORIES = 'Anno/list_category_img.txt';
const BOXES = 'Anno/list_bbox.txt';
const SPLITS = 'Eval/list_eval_partition.txt';
const LANDMARKS = 'Anno/list_landmarks.txt';
const ATTRIBUTES = 'Anno/list_attr_img.txt';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

describe('each trap of the lists is told with its file and line', () => {
  test.each<[string, ListName, string, string, string[], number]>([
    ['a row count that lies', CATEGORIES, '4\n', '5\n', [`ROW_COUNT ${CATEGORIES}:1`], 4],
    ['no row count', BOXES, '4\n', '', [`NO_ROW_COUNT ${BOXES}:1`], 4],
    [
      'no column names',
      SPLITS,
      'image_name  evaluation_status\n',
      '',
      [`NO_COLUMN_NAMES ${SPLITS}:2`],
      4,
    ],
    ['a byte order mark', BOXES, '4\n', '\ufeff4\n', [`BYTE_ORDER_MARK ${BOXES}:1`], 4],
    ['Windows line ends', BOXES, '232 273\n', '232 273\r\n', [`WINDOWS_LINE_END ${BOXES}:3`], 4],
    [
      'a field too few',
      BOXES,
      '072 079 232 273',
      '072 079 232',
      [`FIELD_COUNT ${BOXES}:3`, `NO_BOX ${CATEGORIES}:3`],
      3,
    ],
    [
      'a word for a number',
      BOXES,
      '072',
      'x72',
      [`NOT_A_NUMBER ${BOXES}:3`, `NO_BOX ${CATEGORIES}:3`],
      3,
    ],
    [
      'a box out of the image',
      BOXES,
      '020 030 080 290',
      '020 030 130 290',
      [`BOX_OUTSIDE ${BOXES}:6`],
      4,
    ],
    [
      'a box without width',
      BOXES,
      '020 030 080 290',
      '080 030 080 290',
      [`BOX_EMPTY ${BOXES}:6`],
      3,
    ],
    ['a box all outside', BOXES, '020 030 080 290', '120 030 180 290', [`BOX_EMPTY ${BOXES}:6`], 3],
    [
      'an empty row',
      SPLITS,
      `${C}`,
      `\n${C}`,
      [`EMPTY_ROW ${SPLITS}:5`, `ROW_COUNT ${SPLITS}:1`],
      4,
    ],
    [
      'an unknown category',
      CATEGORIES,
      `${C}                             2`,
      `${C} 51`,
      [`UNKNOWN_CATEGORY ${CATEGORIES}:5`, `NO_CATEGORY ${CATEGORIES}:5`],
      3,
    ],
    [
      'a category that is a word',
      CATEGORIES,
      `${C}                             2`,
      `${C} Skirt`,
      [`NOT_A_NUMBER ${CATEGORIES}:5`, `NO_CATEGORY ${CATEGORIES}:5`],
      3,
    ],
    [
      'an unknown split',
      SPLITS,
      '    val',
      '    dev',
      [`UNKNOWN_SPLIT ${SPLITS}:4`, `NO_SPLIT ${CATEGORIES}:4`],
      4,
    ],
    ['other capitals', BOXES, 'img/Pencil_Skirt', 'img/Pencil_skirt', [`NAME_CASE ${BOXES}:5`], 4],
    ['backslashes', BOXES, C, C.replaceAll('/', '\\'), [`BACKSLASH ${BOXES}:5`], 4],
    [
      'an image that is not listed',
      BOXES,
      C,
      'img/Other/1.jpg',
      [`ORPHAN_ROW ${BOXES}:5`, `NO_BOX ${CATEGORIES}:5`],
      3,
    ],
    [
      'a name that leads out',
      CATEGORIES,
      C,
      '../../etc/passwd',
      [`INVALID_NAME ${CATEGORIES}:5`],
      3,
    ],
    ['a landmark too few', LANDMARKS, '  0 077 199 \n', '\n', [`LANDMARK_COUNT ${LANDMARKS}:4`], 4],
    [
      'another type than the category',
      LANDMARKS,
      `${C}      2  0`,
      `${C}      3  0 0 0 0 0 0 0 0 0 0 0 0  0`,
      [`TYPE_DISAGREES ${LANDMARKS}:5`],
      4,
    ],
    [
      'an unknown visibility',
      LANDMARKS,
      '1 073 095',
      '3 073 095',
      [`LANDMARK_VISIBILITY ${LANDMARKS}:4`],
      4,
    ],
    [
      'a landmark out of the image',
      LANDMARKS,
      '0 070 040',
      '0 170 040',
      [`LANDMARK_OUTSIDE ${LANDMARKS}:6`],
      4,
    ],
    [
      'a value too many',
      ATTRIBUTES,
      `${B} -1 -1 -1`,
      `${B} -1 -1 -1 1`,
      [`ATTRIBUTE_COUNT ${ATTRIBUTES}:4`],
      4,
    ],
    [
      'a value that is none',
      ATTRIBUTES,
      `${B} -1 -1 -1`,
      `${B} -1 -1 2`,
      [`ATTRIBUTE_VALUE ${ATTRIBUTES}:4`],
      4,
    ],
    [
      'a repeated category',
      'Anno/list_category_cloth.txt',
      'Skirt  ',
      'Blouse  ',
      ['DUPLICATE_CATEGORY Anno/list_category_cloth.txt:4'],
      3,
    ],
  ])('%s', async (_, list, from, to, expected, kept) => {
    const { found, images } = await readWith(folder, list, from, to);
    expect(found).toEqual(expect.arrayContaining(expected));
    expect(images).toHaveLength(kept);
  });

  test('the merged categories count as Dress', async () => {
    const row = `${D}                             3`;
    const { images, found } = await readWith(folder, CATEGORIES, row, `${D} 4`);
    expect(found).toEqual([`MERGED_CATEGORY ${CATEGORIES}:6`]);
    expect(images[3]?.annotations[0]?.category_id).toBe(3);
  });

  test('a repeated row is told apart from one that contradicts, and the first counts', async () => {
    const row = `${A} 072 079 232 273\n`;
    const { images, found } = await readWith(
      folder,
      BOXES,
      row,
      `${row}${row}${A} 001 002 003 004\n`,
    );
    expect(found).toEqual([
      `DUPLICATE_ROW ${BOXES}:4`,
      `CONFLICTING_ROW ${BOXES}:5`,
      `ROW_COUNT ${BOXES}:1`,
    ]);
    expect(images[0]?.annotations[0]?.bbox).toEqual([72, 79, 160, 194]);
  });

  test('a repeated image keeps its first category', async () => {
    const row = `${A}                1\n`;
    const { images, found } = await readWith(folder, CATEGORIES, row, `${row}${A} 1\n${A} 2\n`);
    expect(found).toEqual([
      `DUPLICATE_ROW ${CATEGORIES}:4`,
      `CONFLICTING_ROW ${CATEGORIES}:5`,
      `ROW_COUNT ${CATEGORIES}:1`,
    ]);
    expect(images).toHaveLength(4);
    expect(images[0]?.annotations[0]?.category_id).toBe(1);
  });

  test('a list that is not there is told, and what it would say is missing', async () => {
    writeLists(folder, { [SPLITS]: null });
    const { found, images } = await readAll(folder.path);
    expect(found).toContain('FILE_MISSING Eval/list_eval_partition.txt:null');
    expect(images.map(({ split }) => split)).toEqual([null, null, null, null]);
  });

  test('in strict mode the first one ends the reading', async () => {
    folder.write('Img/img/x.jpg', '');
    const reading = readWith(folder, BOXES, '072', 'x72', { strict: true });
    await expect(reading).rejects.toMatchObject({
      reason: 'DATASET_IRREGULAR',
      irregularity: { code: 'NOT_A_NUMBER', file: BOXES, line: 3 },
    });
  });
});
