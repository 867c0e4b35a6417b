import { execFileSync } from 'node:child_process';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClassOf, type DatasetInput, type Draw, integer, oneOf } from '../input.ts';
import { honest } from './coco-classes.ts';

const LINKS = 'services/dataset/src/lists/links.ts';

const refusedFile = (path: string): DatasetInput => ({
  path,
  state: 'FAILED',
  codes: [],
  images: 0,
  reason: 'is not read',
});

const FILES: readonly ClassOf<'dataset'>[] = [
  {
    door: 'dataset',
    name: 'dataset behind a link or a pipe',
    guard: LINKS,
    hostile: async (draw) => {
      const path = join(draw.folder, 'coco.json');
      if (draw.random() < 0.5) execFileSync('mkfifo', [path]);
      else await symlink('/etc/passwd', path);
      return refusedFile(draw.folder);
    },
    honest: async (draw) => {
      const input = await honest(draw);
      await mkdir(join(draw.folder, 'kept'));
      await rename(input.path, join(draw.folder, 'kept/coco.txt'));
      await symlink('kept/coco.txt', input.path);
      return { ...input, path: draw.folder };
    },
  },
  {
    door: 'dataset',
    name: 'dataset elsewhere',
    guard: 'services/dataset/src/start-import.ts',
    hostile: (draw) => {
      const path = oneOf(draw.random, [
        '/etc',
        '/proc/self',
        `${draw.folder}/../../..`,
        '/',
        '/etc/passwd',
      ]);
      return { path, state: 'FOLDER_NOT_PERMITTED', codes: [] };
    },
    honest: async (draw) => {
      const input = await honest(draw);
      return { ...input, path: join(draw.folder, '..', draw.mark, 'coco.json') };
    },
  },
];

const NAMES_OF_LISTS = ['img/a.jpg', 'img/b/c.jpg', 'img/d.jpg'] as const;

/** A DeepFashion folder of three images, its lists as they are written there. */
async function deepFashion(
  { folder }: Draw,
  change: Readonly<Record<string, string>> = {},
): Promise<string> {
  const rows = (of: (n: number) => string) =>
    NAMES_OF_LISTS.map((name, n) => `${name} ${of(n)}\n`).join('');
  const lists: Readonly<Record<string, string>> = {
    'Anno/list_category_cloth.txt': '2\ncategory_name category_type\nBlouse 1\nSkirt 2\n',
    'Anno/list_category_img.txt': `3\nimage_name category_label\n${rows(() => '1')}`,
    'Anno/list_bbox.txt': `3\nimage_name x_1 y_1 x_2 y_2\n${rows(() => '10 10 90 90')}`,
    'Anno/list_image_size.txt': `3\nimage_name width height\n${rows(() => '100 100')}`,
    'Eval/list_eval_partition.txt': `3\nimage_name evaluation_status\n${rows(() => 'train')}`,
    ...change,
  };
  for (const [name, text] of Object.entries(lists)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const CATEGORIES = 'Anno/list_category_img.txt';
const HEAD = 'image_name category_label\n';
const BODY = NAMES_OF_LISTS.map((name) => `${name} 1\n`).join('');
/** What comes of rows of one word. */
const ROWS = ['FIELD_COUNT', 'ROW_COUNT', 'CONFLICTING_ROW', 'NO_CATEGORY'];
const imported = (path: string, ...codes: readonly string[]): DatasetInput => ({
  path,
  state: 'DONE',
  codes: [...codes, 'FILE_MISSING'],
  images: NAMES_OF_LISTS.length,
});
const honestLists = async (draw: Draw): Promise<DatasetInput> => imported(await deepFashion(draw));

const LISTS: readonly ClassOf<'dataset'>[] = [
  {
    door: 'dataset',
    name: 'list that promises rows',
    guard: 'services/dataset/src/lists/list-file.ts',
    hostile: async (draw) => {
      const promised = integer(draw.random, 1e6, 999_999_999);
      return imported(
        await deepFashion(draw, { [CATEGORIES]: `${promised}\n${HEAD}${BODY}` }),
        'ROW_COUNT',
      );
    },
    honest: honestLists,
  },
  {
    door: 'dataset',
    name: 'list of empty rows',
    guard: 'services/dataset/src/lists/list-file.ts',
    hostile: async (draw) => {
      const count = draw.number === 0 ? 20_000_000 : integer(draw.random, 10_000, 3_000_000);
      const list = `3\n${HEAD}${'\n'.repeat(count)}${BODY}`;
      return imported(await deepFashion(draw, { [CATEGORIES]: list }), 'EMPTY_ROW', 'ROW_COUNT');
    },
    honest: async (draw) =>
      imported(await deepFashion(draw, { [CATEGORIES]: `3\n${HEAD}${BODY}\n\n\n` })),
  },
  {
    door: 'dataset',
    name: 'list of rows that are none',
    guard: 'services/dataset/src/irregularity-report.ts',
    hostile: async (draw) => {
      const count = draw.number === 0 ? 4_000_000 : integer(draw.random, 1000, 300_000);
      const list = `3\n${HEAD}${'x\n'.repeat(count)}${BODY}`;
      return imported(await deepFashion(draw, { [CATEGORIES]: list }), ...ROWS);
    },
    honest: honestLists,
  },
  {
    door: 'dataset',
    name: 'names and rows of a list',
    guard: 'services/dataset/src/lists/name-table.ts',
    hostile: async (draw) => {
      const [row, ...codes] = oneOf(draw.random, [
        ['../../etc/passwd 1', 'INVALID_NAME'],
        ['a\u009b2J.jpg 1', 'INVALID_NAME'],
        [`${'x'.repeat(70_000)}.jpg 1`, 'INVALID_NAME'],
        [`a.jpg ${'1 '.repeat(500_000)}`, 'FIELD_COUNT', 'NO_CATEGORY'],
        ['a.jpg 99999999999999999999', 'NOT_A_NUMBER', 'NO_CATEGORY'],
        ['a.jpg __proto__', 'NOT_A_NUMBER', 'NO_CATEGORY'],
      ] as const);
      return imported(
        await deepFashion(draw, { [CATEGORIES]: `4\n${HEAD}${row}\n${BODY}` }),
        ...codes,
      );
    },
    honest: honestLists,
  },
];

export const LIST_CLASSES: readonly ClassOf<'dataset'>[] = [...FILES, ...LISTS];
