import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCoco } from '@deepstyle/vision';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  drawScenes,
  type TemporaryFolder,
  temporaryFolder,
  writeSceneSplits,
  writeScenes,
} from '../src/index.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

test('scenes become a folder of seasons with their truth and a manifest', async () => {
  const set = await drawScenes({ seed: 1, perSeason: 2, seasons: ['SS2026', 'FW2026'] });
  const { path, truth, manifest } = await writeScenes(join(folder.path, 'scenes'), set);
  expect((await readdir(path)).sort()).toEqual([
    'FW2026',
    'SS2026',
    'manifest.jsonl',
    'truth.json',
  ]);
  const coco = readCoco(await json(truth));
  expect(coco.images.map(({ file_name }) => file_name)).toEqual(set.photos.map(({ file }) => file));
  const [annotation] = (await json(truth)).annotations;
  const [left, top, width, height] = annotation.bbox;
  // Detectron reads the polygon even where only boxes are asked for.
  expect(annotation.segmentation[0].slice(0, 4)).toEqual([left, top, left + width, top]);
  expect(annotation.segmentation[0].slice(4, 6)).toEqual([left + width, top + height]);
  expect((await readFile(manifest, 'utf8')).trim().split('\n')).toHaveLength(4);
});

test('splits become one COCO dataset, whose ids are those of one file only', async () => {
  const split = async (name: string, seed: number) =>
    (await drawScenes({ seed, perSeason: 3, seasons: [name], shares: 'even' })).photos;
  const splits = {
    train: await split('train', 1),
    val: await split('val', 2),
    test: await split('test', 3),
  };
  const path = join(folder.path, 'dataset');
  const truth = await writeSceneSplits(path, splits);
  const files = ['train', 'val', 'test'] as const;
  const written = await Promise.all(
    files.map(async (name) => readCoco(await json(join(path, 'annotations', `${name}.json`)))),
  );
  for (const [i, name] of files.entries()) {
    expect(written[i]?.images).toEqual(truth[name].images);
    const counts = written[i]?.annotations.length;
    expect(counts).toBe(splits[name].reduce((sum, { scene }) => sum + scene.garments.length, 0));
  }
  for (const list of ['images', 'annotations'] as const) {
    const ids = written.flatMap((coco) => coco[list].map(({ id }: { id: number }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  }
  for (const { file_name } of truth.test.images) {
    const { length } = await readFile(join(path, 'images', file_name));
    expect(length).toBeGreaterThan(1000);
  }
  const images = new Set(truth.test.images.map(({ id }) => id));
  for (const { image_id } of truth.test.annotations) expect(images.has(image_id)).toBe(true);
});
