import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CocoDataset } from '@deepstyle/vision';
import type { DrawnScene } from './drawn-scene.ts';
import { cocoOfScenes, numberedFrom } from './scenes-coco.ts';
import { cocoFile } from './write-scenes.ts';

export interface SceneSplits {
  readonly train: readonly DrawnScene[];
  readonly val: readonly DrawnScene[];
  readonly test: readonly DrawnScene[];
}

/** The truth of each split; no two splits share an id of an image or an annotation. */
export type SplitTruth = Readonly<Record<keyof SceneSplits, CocoDataset>>;

/**
 * Lays scenes out as a COCO dataset: `annotations/<split>.json` and `images/<file>`; creates the folder. Files must not have
 * the same name in two splits.
 */
export async function writeSceneSplits(path: string, splits: SceneSplits): Promise<SplitTruth> {
  const truth = truthOfSplits(splits);
  await mkdir(join(path, 'annotations'), { recursive: true });
  for (const [split, dataset] of Object.entries(truth)) {
    const file = join(path, 'annotations', `${split}.json`);
    await writeFile(file, JSON.stringify(cocoFile(dataset)));
  }
  const scenes = [...splits.train, ...splits.val, ...splits.test];
  const folders = new Set(scenes.map(({ file }) => dirname(join(path, 'images', file))));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  for (const { file, bytes } of scenes) await writeFile(join(path, 'images', file), bytes);
  return truth;
}

function truthOfSplits({ train, val, test }: SceneSplits): SplitTruth {
  const first = cocoOfScenes(train);
  const second = numberedFrom(cocoOfScenes(val), first.images.length, first.annotations.length);
  const images = train.length + val.length;
  const annotations = first.annotations.length + second.annotations.length;
  return { train: first, val: second, test: numberedFrom(cocoOfScenes(test), images, annotations) };
}
