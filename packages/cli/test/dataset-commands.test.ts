import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { UsageError } from '../src/usage-error.ts';
import { runTyped } from './typed.ts';

let folder: TemporaryFolder;
let told = '';
beforeEach(async () => {
  folder = await temporaryFolder();
  told = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += String(text);
    return true;
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await folder.remove();
});

const typed = (...args: string[]) => runTyped(folder.path, args);

/** A dress and a skirt; `box` is that of the dress. */
async function writeDeepFashion(box = '010 010 050 090'): Promise<void> {
  const lists = {
    'Anno/list_category_cloth.txt': ['2', 'category_name category_type', 'Dress 3', 'Skirt 2'],
    'Anno/list_category_img.txt': [
      ...['2', 'image_name category_label', 'img/a/1.jpg   1', 'img/a/2.jpg   2'],
    ],
    'Anno/list_bbox.txt': [
      ...['2', 'image_name x_1 y_1 x_2 y_2', `img/a/1.jpg ${box}`, 'img/a/2.jpg 000 000 060 100'],
    ],
    'Anno/list_landmarks.txt': ['0', 'image_name clothes_type'],
    'Anno/list_attr_cloth.txt': ['0', 'attribute_name attribute_type'],
    'Anno/list_attr_img.txt': ['0', 'image_name attribute_labels'],
    'Eval/list_eval_partition.txt': [
      ...['2', 'image_name evaluation_status', 'img/a/1.jpg train', 'img/a/2.jpg val'],
    ],
  };
  for (const [name, lines] of Object.entries(lists)) {
    const path = join(folder.path, 'fashion', name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, `${lines.join('\n')}\n`);
  }
  const images = join(folder.path, 'fashion/Img/img/a');
  await mkdir(images, { recursive: true });
  const size = { width: 60, height: 100, channels: 3, background: 'navy' } as const;
  for (const name of ['1.jpg', '2.jpg']) await sharp({ create: size }).toFile(join(images, name));
}

describe('dataset check', () => {
  test('of a sound folder prints a report and ends well, in strict mode too', async () => {
    await writeDeepFashion();
    const { code, printed } = await typed('dataset', 'check', 'fashion', '--strict');
    expect(code).toBe(0);
    expect(printed).toMatch(/^images +2 would be kept; read in .*fashion\/Img$/m);
    expect(printed).toMatch(/^splits +train 1, val 1, test 0, none 0$/m);
    expect(printed).toMatch(/^Dress +full +1$/m);
    expect(printed).toContain('Nothing is irregular.');
  });

  test('names what is irregular by file and line, and ends with 1 in strict mode only', async () => {
    await writeDeepFashion('010 010 070 090');
    const lenient = await typed('dataset', 'check', 'fashion');
    expect(lenient.code).toBe(0);
    expect(lenient.printed).toContain('BOX_OUTSIDE  1 time, read as meant');
    expect(lenient.printed).toContain('Anno/list_bbox.txt:3  10 10 70 90 in an image of 60 x 100.');
    expect((await typed('dataset', 'check', 'fashion', '--strict')).code).toBe(1);
  });

  test('ends with one object for machines', async () => {
    await writeDeepFashion('010 010 070 090');
    const { printed } = await typed('dataset', 'check', 'fashion', '--strict', '--json');
    expect(printed.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(printed)).toMatchObject({
      ok: false,
      irregular: 1,
      format: 'deepfashion',
      counts: { images: 2, annotations: 2 },
      irregularities: [{ code: 'BOX_OUTSIDE', count: 1, examples: [{ line: 3 }] }],
      imageFolder: join(folder.path, 'fashion/Img'),
      categories: [{ type: 'full' }, { type: 'lower' }],
    });
  });

  test('tells each irregularity on a line of its own where all are wanted', async () => {
    await writeDeepFashion('010 010 070 090');
    await typed('dataset', 'check', 'fashion', '--all');
    expect(told).toBe(
      'Anno/list_bbox.txt:3 BOX_OUTSIDE (repaired): 10 10 70 90 in an image of 60 x 100.\n',
    );
  });

  test('of something that is no dataset says what to give', async () => {
    await expect(typed('dataset', 'check', '.')).rejects.toThrow('is no dataset that can be read');
    await expect(typed('dataset', 'check', 'nowhere')).rejects.toThrow(
      'There is no file or folder',
    );
  });
});

test('a dataset is imported, exported by its id, imported again from that file, and exported alike', async () => {
  await writeDeepFashion();
  const first = await typed('dataset', 'import-deepfashion', 'fashion', '--name', 'F', '--json');
  expect(first.code).toBe(0);
  const { dataset } = JSON.parse(first.printed);
  expect(dataset).toMatchObject({ name: 'F', images: 2, annotations: 2, storedImages: 2 });
  const id = dataset.id.replace('dataset_', '');
  await typed('dataset', 'export', id, '--output', 'out/one.json');
  const one = JSON.parse(await readFile(join(folder.path, 'out/one.json'), 'utf8'));
  expect(one.info).toMatchObject({ description: 'F', version: id });
  expect(one.annotations[0]).toMatchObject({ bbox: [10, 10, 40, 80], area: 3200, iscrowd: 0 });
  const images = ['--images', 'fashion/Img'];
  const second = await typed('dataset', 'import-coco', 'out/one.json', ...images, '--json');
  const again = JSON.parse(second.printed);
  expect(again).toMatchObject({ irregular: 0, dataset: { images: 2, storedImages: 2 } });
  await typed('dataset', 'export', again.dataset.id, '--output', 'out/two.json', '--split', 'val');
  const two = JSON.parse(await readFile(join(folder.path, 'out/two.json'), 'utf8'));
  expect(two.annotations).toEqual([one.annotations[1]]);
});

test('an import that fails ends with 1 and the reason', async () => {
  await writeDeepFashion('010 010 070 090');
  const { code, printed } = await typed('dataset', 'import-deepfashion', 'fashion', '--strict');
  expect(code).toBe(1);
  expect(printed).toContain('No dataset: Anno/list_bbox.txt:3 is irregular (BOX_OUTSIDE)');
});

describe('dataset export', () => {
  test('of a folder needs no import', async () => {
    await writeDeepFashion();
    const args = ['fashion', '--output', 'coco.json', '--split', 'train', '--json'];
    const { printed } = await typed('dataset', 'export', ...args);
    expect(JSON.parse(printed)).toMatchObject({ split: 'train', images: 1, annotations: 1 });
  });

  test('of what is neither a path nor a dataset says so', async () => {
    const exported = typed('dataset', 'export', 'abc', '--output', 'coco.json');
    await expect(exported).rejects.toThrow('"abc" is neither a folder or file nor the id');
  });

  test('of an id that no dataset has says so', async () => {
    // A data folder that was begun; one that is not there would be refused.
    await mkdir(join(folder.path, 'data/database'), { recursive: true });
    const exported = typed('dataset', 'export', 'ab'.repeat(32), '--output', 'coco.json');
    await expect(exported).rejects.toThrow(
      'No dataset of this data folder has the id dataset_abab',
    );
  });

  test('needs to know where to write', async () => {
    await expect(typed('dataset', 'export', '.')).rejects.toThrow(UsageError);
  });
});

test.each([
  ['no path', ['dataset', 'check'], 'dataset check needs PATH'],
  ['two paths', ['dataset', 'check', 'fashion', 'b'], '"b" was not expected'],
  [
    'an unknown split',
    ['dataset', 'export', 'fashion', '--split', 'dev'],
    '--split must be one of train',
  ],
  ['an unknown convention', ['dataset', 'check', 'a', '--boxes', 'x'], '--boxes must be one of'],
  ['half a command', ['dataset'], 'There is no command "dataset"'],
])('%s is a matter of usage', async (_, args, message) => {
  await writeDeepFashion();
  await expect(typed(...args)).rejects.toThrow(UsageError);
  await expect(typed(...args)).rejects.toThrow(message);
});
