import { mkdirSync, renameSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkDataset } from '../../src/check-dataset.ts';
import { findImages } from '../../src/images/image-finder.ts';
import { IrregularityReport } from '../../src/irregularity-report.ts';
import { DEFAULT_OPEN_OPTIONS, openDataset } from '../../src/open-dataset.ts';
import { createTestFolder, drawnImage, type TestFolder } from '../drawn-deepfashion.ts';
import { annotation } from './drawn-coco.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

/** A file of images of 60 x 40 px, each with one box. */
function listing(names: readonly string[], firstId = 1): string {
  return JSON.stringify({
    images: names.map((file_name, i) => ({ id: firstId + i, file_name, width: 60, height: 40 })),
    annotations: names.map((_, i) => annotation(firstId + i, firstId + i, 1, [5, 5, 40, 30])),
    categories: [{ id: 1, name: 'dress', supercategory: 'full' }],
  });
}

async function draw(...paths: readonly string[]): Promise<void> {
  const bytes = await drawnImage(60, 40);
  for (const path of paths) folder.write(path, bytes);
}

/** `split name -> file` of each image, below the folder. */
async function belonging(path = folder.path, images: string | null = null): Promise<string[]> {
  const report = new IrregularityReport({ strict: false });
  const opened = await openDataset(path, { ...DEFAULT_OPEN_OPTIONS, images }, { report });
  try {
    const { slots, places } = opened;
    const finder = await findImages(places, () => true);
    const source = await opened.settle();
    const rows = [...source.images()];
    const found: string[] = [];
    for (let place = 0; place < slots.count; place += 1) {
      const split = rows.find(({ id }) => id === slots.id(place))?.split;
      const image = await finder?.find(slots.group(place), slots.fileName(place));
      const file = typeof image === 'object' ? relative(folder.path, image.path) : image;
      found.push(`${split} ${slots.fileName(place)} -> ${file}`);
    }
    return found;
  } finally {
    opened.close();
  }
}

async function check(path = folder.path, options: { images?: string } = {}) {
  const how = { ...DEFAULT_OPEN_OPTIONS, isDeep: false, ...options };
  const result = await checkDataset(path, how);
  return { ...result, codes: result.irregularities.map(({ code, count }) => [code, count]) };
}

describe('images belong to the file and the split that list them', () => {
  test('COCO keeps each split in a folder of its own', async () => {
    folder.write('annotations/instances_train2017.json', listing(['1.jpg', '2.jpg']));
    folder.write('annotations/instances_val2017.json', listing(['3.jpg'], 11));
    await draw('train2017/1.jpg', 'train2017/2.jpg', 'val2017/3.jpg');
    expect(await check()).toMatchObject({ codes: [], imageFolder: folder.path });
    expect(await belonging()).toEqual([
      'train 1.jpg -> train2017/1.jpg',
      'train 2.jpg -> train2017/2.jpg',
      'val 3.jpg -> val2017/3.jpg',
    ]);
  });

  test.each([
    ['images/train', 'images/val'],
    ['train/images', 'val/images'],
    ['images/Train', 'images/Validation'],
    ['train', 'valid'],
    ['data/train', 'data/val'],
    ['Images/training', 'Images/validation'],
  ])('in %s and %s, where both have the same names', async (train, val) => {
    folder.write('annotations/instances_train.json', listing(['f0.jpg', 'f1.jpg']));
    folder.write('annotations/instances_val.json', listing(['f0.jpg', 'f1.jpg'], 11));
    await draw(`${train}/f0.jpg`, `${train}/f1.jpg`, `${val}/f0.jpg`);
    expect(await belonging()).toEqual([
      `train f0.jpg -> ${train}/f0.jpg`,
      `train f1.jpg -> ${train}/f1.jpg`,
      `val f0.jpg -> ${val}/f0.jpg`,
      'val f1.jpg -> missing',
    ]);
    expect((await check()).codes).toEqual([['IMAGE_MISSING', 1]]);
  });

  test('one file may list several splits, as its rows say', async () => {
    const rows = JSON.parse(listing(['f.jpg', 'f.jpg']));
    rows.images[0].split = 'train';
    rows.images[1].split = 'test';
    folder.write('coco.json', JSON.stringify(rows));
    await draw('train/f.jpg', 'test/f.jpg');
    expect(await belonging()).toEqual(['train f.jpg -> train/f.jpg', 'test f.jpg -> test/f.jpg']);
  });

  test('CVAT: a subset of any name, also that of no split', async () => {
    folder.write('annotations/instances_default.json', listing(['a.jpg']));
    folder.write('annotations/instances_Spring show.json', listing(['a.jpg'], 5));
    await draw('images/default/a.jpg', 'images/Spring show/a.jpg');
    expect(await belonging()).toEqual([
      'null a.jpg -> images/Spring show/a.jpg',
      'null a.jpg -> images/default/a.jpg',
    ]);
    expect((await check()).imageFolder).toBe(join(folder.path, 'images'));
  });

  test('Roboflow: one folder for each split, with its file beside the images', async () => {
    for (const [i, split] of ['train', 'valid', 'test'].entries()) {
      folder.write(`${split}/_annotations.coco.json`, listing(['a.jpg'], i * 5));
      await draw(`${split}/a.jpg`);
    }
    const { counts, codes } = await check();
    expect(counts).toMatchObject({ images: 3, splits: { train: 1, val: 1, test: 1, none: 0 } });
    expect(codes.filter(([code]) => code !== 'ID_NOT_POSITIVE')).toEqual([]);
    expect(await belonging()).toContain('val a.jpg -> valid/a.jpg');
    expect(await belonging(join(folder.path, 'valid'))).toEqual(['val a.jpg -> valid/a.jpg']);
    const file = join(folder.path, 'test/_annotations.coco.json');
    expect((await check(file)).counts.splits.test).toBe(1);
  });

  test('FiftyOne: labels.json beside data/, also once for each split', async () => {
    folder.write('train/labels.json', listing(['a.jpg']));
    folder.write('validation/labels.json', listing(['a.jpg'], 5));
    folder.write('info.json', '{"name": "clothes", "media_type": "image"}');
    await draw('train/data/a.jpg', 'validation/data/a.jpg');
    expect(await belonging()).toEqual([
      'train a.jpg -> train/data/a.jpg',
      'val a.jpg -> validation/data/a.jpg',
    ]);
    expect(await belonging(join(folder.path, 'train/labels.json'))).toEqual([
      'null a.jpg -> train/data/a.jpg',
    ]);
  });

  test('Fashionpedia: the images of the validation lie with those of the test', async () => {
    folder.write('instances_attributes_train2020.json', listing(['a.jpg']));
    folder.write('instances_attributes_val2020.json', listing(['b.jpg'], 5));
    await draw('train/a.jpg', 'test/b.jpg');
    expect(await belonging()).toEqual(['train a.jpg -> train/a.jpg', 'val b.jpg -> test/b.jpg']);
  });

  test('a folder that the person names is the only one, with its folders for the splits', async () => {
    folder.write('annotations/train.json', listing(['a.jpg', 'b.jpg']));
    await draw('train/a.jpg', 'mine/train/a.jpg', 'mine/b.jpg');
    expect(await belonging(folder.path, join(folder.path, 'mine'))).toEqual([
      'train a.jpg -> mine/train/a.jpg',
      'train b.jpg -> mine/b.jpg',
    ]);
  });
});

describe('images that are not there are counted', () => {
  test('all of one split, where the other has some', async () => {
    folder.write('annotations/instances_train.json', listing(['a.jpg']));
    folder.write('annotations/instances_val.json', listing(['a.jpg', 'b.jpg'], 5));
    await draw('train/a.jpg');
    expect((await check()).codes).toEqual([['IMAGE_MISSING', 2]]);
  });

  test('all, where a folder for images is there or named', async () => {
    folder.write('annotations.json', listing(['a.jpg', 'b.jpg']));
    expect(await check()).toMatchObject({ codes: [], imageFolder: null });
    const options = { images: folder.path };
    expect((await check(folder.path, options)).codes).toEqual([['IMAGE_MISSING', 2]]);
    await draw('images/c.jpg');
    expect(await check()).toMatchObject({ codes: [['IMAGE_MISSING', 2]], imageFolder: null });
  });
});

describe('names of images as tools write them', () => {
  test.each([
    ['..\\..\\label-studio\\media\\upload\\4\\1234abcd-a.jpg', 'images/1234abcd-a.jpg'],
    ['/home/me/project/photos/a.jpg', 'photos/a.jpg'],
    ['C:\\Users\\me\\a.jpg', 'a.jpg'],
    ['https://example.org/shows/fw2019/a%20b.jpg?w=100', 'images/a b.jpg'],
    ['/data/local-files/?d=shows/fw%2019/a.jpg', 'images/shows/fw 19/a.jpg'],
    ['s3://bucket/shows/a.jpg', 'shows/a.jpg'],
    ['./a.jpg', 'a.jpg'],
    ['shows//a.jpg', 'shows/a.jpg'],
  ])('%s may be %s', async (name, file) => {
    folder.write('result.json', listing([name]));
    await draw(file);
    const codes = (await check()).codes.map(([code]) => code);
    expect(codes).toContain('PATH_CUT');
    expect(codes).not.toContain('IMAGE_MISSING');
  });

  test('a path that begins elsewhere is found by its last parts, and told', async () => {
    folder.write('coco.json', listing(['val2014/a.jpg', 'val2014/b.jpg']));
    await draw('images/a.jpg', 'images/b.jpg');
    expect((await check()).codes).toEqual([['PATH_SHORTENED', 2]]);
  });

  test('but not where others are found by their whole names', async () => {
    folder.write('coco.json', listing(['one/a.jpg', 'two/a.jpg']));
    await draw('one/a.jpg', 'a.jpg');
    expect(await belonging()).toEqual(['null one/a.jpg -> one/a.jpg', 'null two/a.jpg -> missing']);
  });

  test('two that lead nowhere and end alike are told', async () => {
    folder.write('coco.json', listing(['../one/a.jpg', '../two/a.jpg']));
    expect((await check()).codes).toContainEqual(['DUPLICATE_NAME', 1]);
  });

  test('LVIS says the address alone', async () => {
    const coco = JSON.parse(listing(['a.jpg']));
    coco.images[0] = {
      id: 1,
      coco_url: 'http://images.example.org/val2017/7.jpg',
      width: 60,
      height: 40,
    };
    folder.write('lvis_v1_val.json', JSON.stringify(coco));
    await draw('val2017/7.jpg');
    expect((await check()).codes).toEqual([['PATH_CUT', 1]]);
  });

  test('composed and decomposed letters are one, in files and folders', async () => {
    const name = 'd\u00e9collet\u00e9/robe-\u00e0-fleurs.jpg';
    folder.write('annotations/instances.json', listing([name, '\u00c4rmel.jpg'.normalize('NFD')]));
    await draw(`images/${name.normalize('NFD')}`, 'images/\u00c4rmel.jpg');
    const { codes, irregularities } = await check();
    expect(codes).toEqual([['NAME_CASE', 2]]);
    expect(irregularities[0]?.effect).toBe('repaired');
  });

  test('capitals of folders differ', async () => {
    folder.write('annotations/instances_Train.json', listing(['A.JPG']));
    await draw('IMAGES/train/a.jpg');
    expect((await check()).codes).toEqual([['NAME_CASE', 1]]);
  });
});

describe('files beside the annotations', () => {
  const other = (key: string) =>
    JSON.stringify({ images: [{ id: 1, file_name: 'a.jpg' }], [key]: [] });

  test.each([
    'captions_train2017.json',
    'person_keypoints_train2017.json',
    'image_info_test2017.json',
    'panoptic_val2017.json',
    'train_results.json',
  ])('%s is told, and not read', async (name) => {
    folder.write('annotations/instances_train2017.json', listing(['a.jpg']));
    folder.write(`annotations/${name}`, listing(['a.jpg', 'b.jpg']));
    await draw('train2017/a.jpg');
    const { counts, codes, irregularities } = await check();
    expect([counts.images, codes]).toEqual([1, [['OTHER_FILE', 1]]]);
    expect(irregularities[0]?.examples[0]?.file).toBe(`annotations/${name}`);
  });

  test.each([
    ['a list of results', '[{"image_id": 1}]'],
    ['something else', '{"version": 3}'],
    ['what has no categories', other('annotations')],
    ['nothing', ''],
  ])('%s is told, and not read', async (_, text) => {
    folder.write('instances.json', listing(['a.jpg']));
    folder.write('more.json', text);
    folder.write('._instances.json', 'debris of another system');
    const { counts, codes } = await check();
    expect([counts.images, codes]).toEqual([1, [['OTHER_FILE', 1]]]);
  });

  test('what is alone is read, whatever its name', async () => {
    folder.write('person_keypoints_train2017.json', listing(['a.jpg']));
    expect((await check()).counts).toMatchObject({ images: 1, splits: { train: 1 } });
  });

  test('a folder of JSON that is none of COCO is refused', async () => {
    folder.write('results.json', '[]');
    await expect(check()).rejects.toMatchObject({ reason: 'JSON_SYNTAX' });
    mkdirSync(join(folder.path, 'empty'));
    renameSync(join(folder.path, 'results.json'), join(folder.path, 'empty/results.txt'));
    await expect(check()).rejects.toMatchObject({ reason: 'UNKNOWN_DATASET_FORMAT' });
  });
});
