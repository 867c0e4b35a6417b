/** What was found in photographs, as the two COCO files that tools read together: pure. */
import type { CocoBox, CocoCategory, CocoDetection, CocoImage } from '@deepstyle/vision';
import type { ModelCategory } from '../labels.ts';
import type { Detection } from '../model/postprocess.ts';

/** A photograph that was looked at. */
export interface SeenPhoto extends CocoImage {
  /** The picture with its boxes. */
  readonly drawn: string;
}

export interface CocoFiles {
  /** What the ids of `detections` mean: a dataset without annotations. */
  readonly images: {
    readonly info: { readonly description: string; readonly model: string };
    readonly images: readonly SeenPhoto[];
    readonly categories: readonly CocoCategory[];
    readonly annotations: readonly [];
  };
  readonly detections: readonly CocoDetection[];
}

export function cocoFiles(
  model: string,
  categories: readonly ModelCategory[],
  images: readonly SeenPhoto[],
  detections: readonly CocoDetection[],
): CocoFiles {
  const description = 'The photographs and categories that detections.json speaks of';
  return {
    images: {
      info: { description, model },
      images,
      categories: categories.map(({ name, type }, place) => {
        return { id: categoryId(place), name, supercategory: type };
      }),
      annotations: [],
    },
    detections,
  };
}

const categoryId = (place: number) => place + 1;

const CENTIPIXELS = 100;
const SCORE_PARTS = 1e6;

/** In pixels of the photograph as it is shown. */
export function cocoDetection(imageId: number, { box, category, score }: Detection): CocoDetection {
  const [left, top, right, bottom] = box.map((edge) => Math.round(edge * CENTIPIXELS));
  const bbox = [left, top, Number(right) - Number(left), Number(bottom) - Number(top)];
  return {
    image_id: imageId,
    category_id: categoryId(category),
    bbox: bbox.map((value) => Number(value) / CENTIPIXELS) as unknown as CocoBox,
    score: Math.round(score * SCORE_PARTS) / SCORE_PARTS,
  };
}
