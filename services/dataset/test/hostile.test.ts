import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkDataset } from '../src/check-dataset.ts';
import { IrregularityReport } from '../src/irregularity-report.ts';
import { readList } from '../src/lists/list-file.ts';
import { DEFAULT_OPEN_OPTIONS } from '../src/open-dataset.ts';
import { drawnCoco } from './coco/drawn-coco.ts';
import {
  createTestFolder,
  drawnImage,
  IMAGES,
  type TestFolder,
  writeImages,
  writeLists,
} from './drawn-deepfashion.ts';
import { readAll } from './reading.ts';

let folder: TestFolder;
let outside: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
  outside = createTestFolder();
});
afterEach(() => {
  folder.remove();
  outside.remove();
});

const LIST = 'Anno/list_category_img.txt';
const readCoco = (coco: object) => readAll(folder.write('coco.json', JSON.stringify(coco)));

/** The drawn file with one of its annotations changed, as text: such values are none for JSON.stringify. */
function cocoWith(field: string, json: string): string {
  const coco = drawnCoco();
  Object.assign(coco.annotations[0] ?? {}, { [field]: 'HERE' });
  return JSON.stringify(coco).replace('"HERE"', json);
}

describe('COCO values that are made to break a reader', () => {
  test.each(['bbox', 'segmentation', 'keypoints', 'attribute_ids', 'id'])(
    'a %s nested 5,000 deep is left out by name, and the rest is kept',
    async (field) => {
      const deep = '['.repeat(5_000) + ']'.repeat(5_000);
      const path = folder.write('coco.json', cocoWith(field, deep));
      const { images, found } = await readAll(path);
      expect(found).toEqual(['TOO_DEEP coco.json:1']);
      expect(images.flatMap(({ annotations }) => annotations)).toHaveLength(2);
    },
  );

  test('an image, a category and a value at the top that are nested so are left out too', async () => {
    const deep = `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    const { info: _info, ...lists } = drawnCoco();
    Object.assign(lists.images[1] ?? {}, { license: 'HERE' });
    Object.assign(lists.categories[1] ?? {}, { license: 'HERE' });
    const text = JSON.stringify({ info: 'HERE', ...lists }).replaceAll('"HERE"', deep);
    const { images, source, irregularities } = await readAll(folder.write('coco.json', text));
    expect(irregularities.filter(({ code }) => code === 'TOO_DEEP')).toHaveLength(3);
    expect([images.length, source.categories.length]).toEqual([1, 1]);
  });

  test('a segmentation nested as deep as any is kept', async () => {
    const { found } = await readAll(
      folder.write('coco.json', cocoWith('segmentation', '[[10,10,40,10,25,50]]')),
    );
    expect(found).toEqual([]);
  });

  test('the box of 150,000 polygons is theirs', async () => {
    const coco = drawnCoco();
    const segmentation = Array.from({ length: 150_000 }, (_, i) => {
      const x = i % 50;
      return [x, 10, x + 2, 10, x + 1, 30];
    });
    Object.assign(coco.annotations[0] ?? {}, { bbox: undefined, segmentation });
    const { images, found } = await readCoco(coco);
    expect(found).toEqual(['BOX_FROM_SEGMENTATION coco.json:1']);
    const boxes = images.flatMap(({ annotations }) => annotations.map(({ bbox }) => bbox));
    expect(boxes).toContainEqual([0, 10, 51, 20]);
  });
});

test('a value of more than 4 MiB is refused and not held', async () => {
  const long = JSON.stringify({ ...drawnCoco(), info: 'x'.repeat(2 ** 22 + 2 ** 17) });
  await expect(readAll(folder.write('coco.json', long))).rejects.toMatchObject({
    reason: 'JSON_SYNTAX',
    message: expect.stringContaining('4 MiB'),
  });
});

test('a million empty rows are counted, and told as ten', async () => {
  const told: string[] = [];
  const report = new IrregularityReport({
    strict: false,
    listener: ({ code, line }) => told.push(`${code} ${line}`),
  });
  const path = folder.write('list.txt', `2\nimage_name label\na 1\n${'\n'.repeat(1_000_000)}b 2\n`);
  const rows: number[] = [];
  await readList(
    { path, name: 'list.txt' },
    { report },
    (_fields, _line, row) => void rows.push(row),
  );
  expect(rows).toEqual([0, 1_000_001]);
  expect(report.counts().map(({ code, count }) => [code, count])).toEqual([
    ['EMPTY_ROW', 1_000_000],
    ['ROW_COUNT', 1],
  ]);
  expect(told).toHaveLength(11);
});

describe('names that are no text', () => {
  const ODD = ['nul\0', 'half \ud800', 'escape\u001b[2J', 'turned\u202egpj'];

  test.each(ODD)('%j names no image', async (name) => {
    const coco = drawnCoco();
    Object.assign(coco.images[0] ?? {}, { file_name: name });
    const { images, irregularities } = await readCoco(coco);
    expect(irregularities[0]?.code).toBe('INVALID_NAME');
    expect(images).toHaveLength(1);
  });

  test.each([...ODD, 'x'.repeat(201)])('%j names no category', async (name) => {
    const coco = drawnCoco();
    Object.assign(coco.categories[0] ?? {}, { name });
    const { source, irregularities } = await readCoco(coco);
    expect(irregularities[0]?.code).toBe('INVALID_TEXT');
    expect(source.categories.map((category) => category.name)).toEqual(['handbag']);
  });

  test.each(ODD)('%j names no point and no attribute', async (name) => {
    const coco = drawnCoco();
    Object.assign(coco.categories[0] ?? {}, { keypoints: ['left', name] });
    const { source, irregularities } = await readCoco({ ...coco, attributes: [{ id: 1, name }] });
    expect(irregularities.map(({ code }) => code)).toEqual(['INVALID_TEXT', 'INVALID_TEXT']);
    expect([source.keypoints, source.attributes]).toEqual([[], []]);
  });

  test('are told of without their characters', async () => {
    const coco = drawnCoco();
    Object.assign(coco.images[0] ?? {}, { file_name: '../\u009b2J' });
    Object.assign(coco.annotations[2] ?? {}, { category_id: '\u202e' });
    const { irregularities } = await readCoco(coco);
    const told = JSON.stringify(irregularities.map(({ file, detail }) => file + detail));
    expect(told).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
  });

  test('names of other scripts and signs are text', async () => {
    const coco = drawnCoco();
    Object.assign(coco.images[0] ?? {}, { file_name: 'כתונת/ドレス 👗.jpg' });
    Object.assign(coco.categories[0] ?? {}, { name: 'Kleid für Mädchen 👗' });
    expect((await readCoco(coco)).found).toEqual([]);
  });
});

describe('files that are none, and links out of the folder', () => {
  const pipe = (name: string) => execFileSync('mkfifo', [join(folder.path, name)]);

  test('a pipe as COCO file is refused and not waited for', async () => {
    pipe('coco.json');
    await expect(readAll(folder.path)).rejects.toMatchObject({ reason: 'DATASET_FILE_REFUSED' });
  });

  test('a pipe as a list of DeepFashion is refused and not waited for', async () => {
    writeLists(folder);
    renameSync(join(folder.path, LIST), join(folder.path, 'old.txt'));
    pipe(LIST);
    await expect(readAll(folder.path)).rejects.toMatchObject({ reason: 'DATASET_FILE_REFUSED' });
  });

  test('a pipe as image is missing', async () => {
    writeLists(folder);
    await writeImages(folder);
    renameSync(join(folder.path, 'Img', IMAGES[0]), join(folder.path, 'old.jpg'));
    pipe(`Img/${IMAGES[0]}`);
    const { irregularities } = await checkDataset(folder.path, {
      ...DEFAULT_OPEN_OPTIONS,
      isDeep: true,
    });
    expect(irregularities.map(({ code, count }) => [code, count])).toEqual([['IMAGE_MISSING', 1]]);
  });

  test('an image name that leads out reaches nothing outside', async () => {
    const secret = outside.write('a.jpg', await drawnImage(100, 80));
    const up = `../${basename(outside.path)}/a.jpg`;
    const coco = drawnCoco();
    const names = [secret, up, `x/../../${up}`, up.replaceAll('/', '\\'), `s3://h/%2e%2e/${up}`];
    const images = names.map((file_name, i) => ({ ...coco.images[0], id: i + 1, file_name }));
    folder.write('coco.json', JSON.stringify({ ...coco, images, annotations: [] }));
    folder.write('images/other.jpg', await drawnImage(100, 80));
    const { irregularities } = await checkDataset(folder.path, {
      ...DEFAULT_OPEN_OPTIONS,
      isDeep: true,
    });
    const counts = new Map(irregularities.map(({ code, count }) => [code, count]));
    expect([counts.get('PATH_CUT'), counts.get('IMAGE_MISSING')]).toEqual([5, 5]);
  });

  test('a name of many parts is looked for by a few of them', async () => {
    const coco = drawnCoco();
    const file_name = `${'d/'.repeat(500)}a.jpg`;
    folder.write(
      'coco.json',
      JSON.stringify({ ...coco, images: [{ ...coco.images[0], file_name }] }),
    );
    folder.write('images/d/d/a.jpg', await drawnImage(100, 80));
    const { irregularities } = await checkDataset(folder.path, {
      ...DEFAULT_OPEN_OPTIONS,
      isDeep: true,
    });
    const codes = irregularities.map(({ code }) => code);
    expect(codes).toEqual(['PATH_SHORTENED', 'UNKNOWN_IMAGE']);
  });

  test('a list behind a link that leads out is refused', async () => {
    writeLists(folder);
    const elsewhere = outside.write('list.txt', 'secret');
    renameSync(join(folder.path, LIST), join(folder.path, 'old.txt'));
    symlinkSync(elsewhere, join(folder.path, LIST));
    await expect(readAll(folder.path)).rejects.toMatchObject({ reason: 'DATASET_FILE_REFUSED' });
  });

  test('a COCO file behind a link that leads out is refused, unless it is the one that is named', async () => {
    const elsewhere = outside.write('coco.json', JSON.stringify(drawnCoco()));
    const link = join(folder.path, 'coco.json');
    symlinkSync(elsewhere, link);
    await expect(readAll(folder.path)).rejects.toMatchObject({ reason: 'DATASET_FILE_REFUSED' });
    expect((await readAll(link)).images).toHaveLength(2);
  });

  test('a folder of images behind a link that leads out is not followed, and one inside is', async () => {
    writeLists(folder);
    await writeImages(folder);
    const check = async () => {
      const result = await checkDataset(folder.path, { ...DEFAULT_OPEN_OPTIONS, isDeep: false });
      return result.irregularities.map(({ code, count }) => [code, count]);
    };
    mkdirSync(join(folder.path, 'kept'));
    renameSync(join(folder.path, 'Img'), join(folder.path, 'kept/Img'));
    symlinkSync('kept/Img', join(folder.path, 'Img'));
    expect(await check()).toEqual([]);
    renameSync(join(folder.path, 'kept/Img'), join(outside.path, 'Img'));
    renameSync(join(folder.path, 'Img'), join(folder.path, 'old'));
    symlinkSync(join(outside.path, 'Img'), join(folder.path, 'Img'));
    expect(await check()).toEqual([['LINK_OUTSIDE', IMAGES.length]]);
  });
});
