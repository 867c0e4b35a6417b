import type { CocoAnnotation, CocoCategory, CocoDataset } from '@deepstyle/vision';
import { GARMENT_CATEGORIES, GARMENT_TYPES } from '../drawing/garment-shapes.ts';
import type { DrawnScene } from './drawn-scene.ts';

/** The drawn categories, ids from 1; the supercategory is the garment's type. */
export const SCENE_COCO_CATEGORIES: readonly CocoCategory[] = GARMENT_CATEGORIES.map((name, i) => ({
  id: i + 1,
  name,
  supercategory: GARMENT_TYPES[name],
}));

/** The garments of some scenes as a COCO dataset; ids from 1, in the order given. `area` is that of the box. */
export function cocoOfScenes(scenes: readonly DrawnScene[]): CocoDataset {
  const annotations: CocoAnnotation[] = [];
  for (const [i, { scene }] of scenes.entries()) {
    for (const { category, box } of scene.garments) {
      annotations.push({
        id: annotations.length + 1,
        image_id: i + 1,
        category_id: GARMENT_CATEGORIES.indexOf(category) + 1,
        bbox: box,
        area: box[2] * box[3],
        iscrowd: 0,
      });
    }
  }
  const images = scenes.map(({ file, scene }, i) => ({
    ...{ id: i + 1, file_name: file },
    width: scene.widthPx,
    height: scene.heightPx,
  }));
  return { images, categories: SCENE_COCO_CATEGORIES, annotations };
}

/** The same dataset with its ids after those of another. */
export function numberedFrom(
  dataset: CocoDataset,
  images: number,
  annotations: number,
): CocoDataset {
  return {
    ...dataset,
    images: dataset.images.map((image) => ({ ...image, id: image.id + images })),
    annotations: dataset.annotations.map((row) => {
      return { ...row, id: row.id + annotations, image_id: row.image_id + images };
    }),
  };
}
