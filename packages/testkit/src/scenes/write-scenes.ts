import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CocoDataset } from '@deepstyle/vision';
import { manifestLine } from '../write-folder.ts';
import type { DrawnScenes } from './draw-scenes.ts';

export interface WrittenScenes {
  readonly path: string;
  /** `truth.json` in the folder: COCO ground truth, file names relative to the folder. */
  readonly truth: string;
  /** `manifest.jsonl` in the folder: one JSON object per file. */
  readonly manifest: string;
  readonly files: readonly string[];
}

/** Lays a set out as `<season>/<id>.jpg` with `truth.json` and `manifest.jsonl`, and creates the folder. */
export async function writeScenes(path: string, set: DrawnScenes): Promise<WrittenScenes> {
  await mkdir(path, { recursive: true });
  const files: string[] = [];
  for (const photo of set.photos) {
    const file = join(path, photo.file);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, photo.bytes);
    files.push(file);
  }
  const truth = join(path, 'truth.json');
  await writeFile(truth, JSON.stringify(cocoFile(set.truth.coco)));
  const manifest = join(path, 'manifest.jsonl');
  const lines = set.photos.map((photo) => `${JSON.stringify(manifestLine(photo))}\n`);
  await writeFile(manifest, lines.join(''));
  return { path, truth, manifest, files };
}

/**
 * A dataset as the JSON document that other tools read: with `segmentation`, the outline of the box, which some of them
 * (Detectron) look at even to detect boxes.
 */
export function cocoFile(dataset: CocoDataset): object {
  const annotations = dataset.annotations.map((row) => {
    const [left, top, width, height] = row.bbox;
    const [right, bottom] = [left + width, top + height];
    return { ...row, segmentation: [[left, top, right, top, right, bottom, left, bottom]] };
  });
  return { ...dataset, annotations };
}
