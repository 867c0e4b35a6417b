import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { datasetHeaderLine, datasetImageLine } from '@deepstyle/contracts';
import { type GaugeReader, readGauges, sweptFrom } from '@deepstyle/testkit/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { annotation } from './coco/drawn-coco.ts';
import {
  createTestFolder,
  drawnImage,
  IMAGES,
  LISTS,
  type TestFolder,
  writeImages,
  writeLists,
} from './drawn-deepfashion.ts';
import { type RunningDataset, runDataset } from './running-dataset.ts';

let service: RunningDataset;
let gauges: GaugeReader;
let folder: TestFolder;
beforeAll(async () => {
  gauges = readGauges();
  service = await runDataset();
});
afterAll(async () => {
  await service.close();
  gauges.close();
});
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

/** The stored annotations of a dataset by its global id. */
async function storedLines(id: string) {
  const { annotationsObject } = await service.getDataset(id.replace('dataset_', ''));
  const bytes = gunzipSync(await service.objects.get(annotationsObject?.key ?? ''));
  const [header, ...images] = bytes.toString('utf8').trimEnd().split('\n');
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    header: datasetHeaderLine.parse(JSON.parse(header ?? '')),
    images: images.map((line) => datasetImageLine.parse(JSON.parse(line))),
  };
}

describe('an import of a DeepFashion folder', () => {
  test('stores annotations and images under the hashes of their content, and announces the dataset', async () => {
    writeLists(folder);
    await writeImages(folder);
    const { progress, dataset, irregularities } = await service.imported({ folder: folder.path });
    expect(irregularities).toEqual([]);
    expect(progress).toMatchObject({ state: 'DONE', done: 4 });
    const id = dataset?.id ?? '';
    const { sha256, header, images } = await storedLines(id);
    expect(id).toBe(`dataset_${sha256}`);
    expect(header).toMatchObject({ box_convention: 'exclusive', images: 4, annotations: 4 });
    expect(header.categories.map(({ name }) => name)).toEqual([
      'Blouse',
      'Skirt',
      'Dress',
      'Button-Down',
    ]);
    for (const image of images) {
      const bytes = await service.objects.get(image.object?.key ?? '');
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(image.object?.sha256);
    }
    const ready = service
      .eventsOf('deepstyle.dataset.ready.v1')
      .find(({ datasetId }) => datasetId === sha256);
    expect(ready).toMatchObject({ images: 4, splits: { train: 2, val: 1, test: 1, none: 0 } });
    expect(await service.getDataset(sha256)).toMatchObject({ storedImages: 4, images: 4 });
  });

  test('gives the same dataset for the same content, whatever its name', async () => {
    writeLists(folder);
    const first = await service.imported({ folder: folder.path, name: 'One' });
    const second = await service.imported({ folder: folder.path, name: 'Two' });
    expect(second.dataset?.id).toBe(first.dataset?.id);
  });

  test('gives another dataset where one box is another', async () => {
    writeLists(folder);
    const first = await service.imported({ folder: folder.path });
    const boxes = LISTS['Anno/list_bbox.txt'].replace('072 079', '071 079');
    folder.write('Anno/list_bbox.txt', boxes);
    const second = await service.imported({ folder: folder.path });
    expect(second.dataset?.id).not.toBe(first.dataset?.id);
  });

  test('answers a repeated key with the import that it began', async () => {
    writeLists(folder);
    const input = { folder: folder.path, idempotencyKey: 'the-same' };
    const first = await service.imported(input);
    const second = await service.imported({ ...input, folder: '/elsewhere' });
    expect(second.id).toBe(first.id);
  });

  test('counts what is irregular with file and line, and keeps the rest', async () => {
    const boxes = LISTS['Anno/list_bbox.txt'].replace('020 030 080 290', '080 030 080 290');
    writeLists(folder, { 'Anno/list_bbox.txt': boxes });
    const { dataset, irregularities } = await service.imported({ folder: folder.path });
    expect(dataset?.images).toBe(3);
    const empty = irregularities.find(({ code }) => code === 'BOX_EMPTY');
    expect(empty).toMatchObject({
      effect: 'DROPPED',
      count: 1,
      examples: [{ file: 'Anno/list_bbox.txt', line: 6 }],
    });
  });

  test('fails at the first irregularity in strict mode, naming it', async () => {
    const images = LISTS['Anno/list_category_img.txt'].replace('4\n', '5\n');
    writeLists(folder, { 'Anno/list_category_img.txt': images });
    await writeImages(folder);
    const { progress, dataset } = await service.imported({ folder: folder.path, strict: true });
    expect(dataset).toBeNull();
    expect(progress.state).toBe('FAILED');
    expect(progress.detail).toContain('Anno/list_category_img.txt:1 is irregular (ROW_COUNT)');
  });

  test('fails where no image is left, and says why', async () => {
    writeLists(folder, { 'Anno/list_image_size.txt': null });
    const { progress } = await service.imported({ folder: folder.path });
    expect(progress).toMatchObject({ state: 'FAILED' });
    expect(progress.detail).toContain('SIZE_UNKNOWN, 4 times');
  });

  test('takes the sizes of images from the disk, also where the lists say others', async () => {
    writeLists(folder);
    await writeImages(folder);
    folder.write(`Img/${IMAGES[3]}`, await drawnImage(60, 200));
    const { dataset, irregularities } = await service.imported({ folder: folder.path });
    const { images } = await storedLines(dataset?.id ?? '');
    expect(images[3]).toMatchObject({
      width: 60,
      height: 200,
      annotations: [{ bbox: [20, 30, 40, 170] }],
    });
    expect(irregularities.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['SIZE_DISAGREES', 'BOX_OUTSIDE']),
    );
  });

  test('keeps images without their bytes where none are on the disk or wanted', async () => {
    writeLists(folder);
    await writeImages(folder);
    const { dataset } = await service.imported({ folder: folder.path, storeImages: false });
    const { images } = await storedLines(dataset?.id ?? '');
    expect(images.map(({ object }) => object)).toEqual([null, null, null, null]);
  });

  test('fails for a folder that is no dataset, and is counted among those that failed', async () => {
    const failed = async () => {
      await service.reconcile(1);
      return (await gauges.read('runsFailed'))[0]?.value ?? 0;
    };
    const before = await failed();
    folder.write('readme.txt', 'hello');
    const { progress } = await service.imported({ folder: folder.path });
    expect(progress.state).toBe('FAILED');
    expect(progress.detail).toContain('it has no .json file');
    expect(await failed()).toBe(before + 1);
  });
});

describe('an import of COCO files', () => {
  const coco = (firstId: number, categoryIds: readonly [number, number]) =>
    JSON.stringify({
      images: [0, 1].map((i) => {
        return { id: firstId + i, file_name: `frame_${i}.jpg`, width: 60, height: 40 };
      }),
      annotations: [0, 1].map((i) =>
        annotation(firstId + i, firstId + i, categoryIds[i] as number, [5, 5, 40, 30]),
      ),
      categories: [
        { id: categoryIds[0], name: 'dress' },
        { id: categoryIds[1], name: 'shirt' },
      ],
    });

  test('stores of each split the images of its own folder, also where both have the same names', async () => {
    folder.write('annotations/instances_train.json', coco(1, [1, 2]));
    folder.write('annotations/instances_val.json', coco(11, [1, 2]));
    for (const [i, split] of ['train', 'val'].entries()) {
      for (const frame of [0, 1]) {
        const bytes = await drawnImage(60, 40, i * 100 + frame * 50);
        folder.write(`images/${split}/frame_${frame}.jpg`, bytes);
      }
    }
    const { dataset, irregularities } = await service.imported({ folder: folder.path });
    expect(irregularities).toEqual([]);
    const { images } = await storedLines(dataset?.id ?? '');
    expect(images).toHaveLength(4);
    for (const { split, file_name, object } of images) {
      const bytes = readFileSync(join(folder.path, 'images', split ?? '', file_name));
      expect(object?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  test('keeps categories whose ids are beyond those of a database', async () => {
    folder.write('coco.json', coco(1, [3_000_000_001, 3_000_000_002]));
    const { dataset, irregularities } = await service.imported({ folder: folder.path });
    const { header } = await storedLines(dataset?.id ?? '');
    expect(header.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'dress'],
      [2, 'shirt'],
    ]);
    expect(irregularities.map(({ code, count }) => [code, count])).toEqual([['ID_TOO_LARGE', 2]]);
  });

  test('reads boxes in the pixels that the person says', async () => {
    const text = JSON.parse(coco(1, [1, 2]));
    for (const image of text.images) Object.assign(image, { width: 60, height: 60 });
    folder.write('coco.json', JSON.stringify(text));
    const square = await sharp(await drawnImage(60, 60))
      .withMetadata({ orientation: 3 })
      .jpeg()
      .toBuffer();
    for (const frame of [0, 1]) folder.write(`frame_${frame}.jpg`, square);
    const boxOf = async (pixels: string) => {
      const { dataset } = await service.imported({ folder: folder.path, pixels });
      return (await storedLines(dataset?.id ?? '')).images[0]?.annotations[0]?.bbox;
    };
    expect(await boxOf('SHOWN')).toEqual([5, 5, 40, 30]);
    expect(await boxOf('STORED')).toEqual([15, 25, 40, 30]);
  });
});

describe('a service that may read some folders only', () => {
  test('refuses others, without a word on whether they exist', async () => {
    const limited = await runDataset({ settings: { DATASET_FOLDERS: folder.path } });
    try {
      writeLists(folder);
      await expect(limited.imported({ folder: '/etc' })).rejects.toThrow('is not in a folder');
      await expect(limited.imported({ folder: '/not-there' })).rejects.toThrow(
        'is not in a folder',
      );
      expect((await limited.imported({ folder: folder.path })).progress.state).toBe('DONE');
    } finally {
      await limited.close();
    }
  });
});

test('annotations that no record names go after days; none of a dataset goes, and no image', async () => {
  writeLists(folder);
  await writeImages(folder);
  await service.imported({ folder: folder.path });
  const hash = 'ab'.repeat(32);
  const orphans = [`dataset-images/ab/${hash}`, `datasets/ab/${hash}.ndjson.gz`];
  expect(await sweptFrom(service, orphans)).toEqual(orphans.slice(1));
});
