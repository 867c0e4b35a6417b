import type { JsonRow } from '../../src/coco/values.ts';
import type { TestFolder } from '../drawn-deepfashion.ts';
import { type ReadFolder, readAll } from '../reading.ts';

interface CocoJson {
  info?: unknown;
  images?: unknown;
  annotations?: unknown;
  categories?: unknown;
  [key: string]: unknown;
}

/** A small file in which nothing is irregular. */
export function drawnCoco(): {
  info: JsonRow;
  images: Record<string, unknown>[];
  annotations: Record<string, unknown>[];
  categories: Record<string, unknown>[];
} {
  return {
    info: { description: 'drawn' },
    images: [
      { id: 7, width: 100, height: 80, file_name: 'a.jpg' },
      { id: 3, width: 60, height: 90, file_name: 'sub/b.jpg' },
    ],
    annotations: [
      annotation(11, 7, 2, [10, 10, 30, 40]),
      annotation(5, 7, 1, [0, 0, 100, 80]),
      annotation(8, 3, 1, [1.5, 2.5, 20.25, 30]),
    ],
    categories: [
      { id: 1, name: 'dress', supercategory: 'full' },
      { id: 2, name: 'handbag', supercategory: 'accessory' },
    ],
  };
}

export function annotation(
  id: number,
  image_id: number,
  category_id: number,
  bbox: readonly [number, number, number, number],
): Record<string, unknown> {
  const [x, y, w, h] = bbox;
  return {
    id,
    image_id,
    category_id,
    bbox,
    area: w * h,
    iscrowd: 0,
    segmentation: [[x, y, x + w, y, x + w, y + h, x, y + h]],
  };
}

/** The file with its first annotation changed: that of image 7, which has 100 x 80 px. */
export function withFirst(change: object, remove: readonly string[] = []) {
  const coco = drawnCoco();
  const first = { ...annotation(11, 7, 2, [10, 10, 30, 40]), ...change };
  for (const field of remove) Reflect.deleteProperty(first, field);
  return { ...coco, annotations: [first] };
}

/** What is read of the first annotation of a file. */
export async function firstOf(folder: TestFolder, coco: CocoJson) {
  const { images, irregularities } = await readCoco(folder, coco);
  const [first] = images.flatMap(({ annotations }) => annotations);
  return { first, codes: irregularities.map(({ code }) => code) };
}

/** Writes a file and reads it back. */
export function readCoco(folder: TestFolder, coco: CocoJson): Promise<ReadFolder> {
  return readAll(folder.write('coco.json', JSON.stringify(coco, null, 1)));
}
