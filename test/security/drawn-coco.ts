import type { Random } from '@deepstyle/vision';
import { integer, letters } from './input.ts';

export interface Coco {
  readonly images: Record<string, unknown>[];
  readonly annotations: Record<string, unknown>[];
  readonly categories: Record<string, unknown>[];
}

const SIDE_PX = 100;

/** A COCO file of a few images in which nothing is irregular. */
export function drawnCoco(random: Random, count = integer(random, 2, 5)): Coco {
  const numbers = Array.from({ length: count }, (_, each) => each + 1);
  return {
    images: numbers.map((id) => ({
      id,
      width: SIDE_PX,
      height: SIDE_PX,
      file_name: `${letters(random, 12)}-${id}.jpg`,
    })),
    annotations: numbers.map((id) => annotation(id, integer(random, 10, 40))),
    categories: [{ id: 1, name: 'dress', supercategory: 'full' }],
  };
}

function annotation(id: number, side: number): Record<string, unknown> {
  return {
    id,
    image_id: id,
    category_id: 1,
    bbox: [5, 5, side, side],
    area: side * side,
    iscrowd: 0,
    segmentation: [[5, 5, 5 + side, 5, 5 + side, 5 + side]],
  };
}
