/** A photograph with the boxes that were found in it, and the garments alone. */
import {
  categoryColor,
  cropRgb,
  decodeRgb,
  drawBoxes,
  encodeRgb,
  type LabeledBox,
} from '@deepstyle/vision';
import { integerDetections } from '../detection/integer-detections.ts';
import type { ModelCategory } from '../labels.ts';
import type { Detection } from '../model/postprocess.ts';

export interface RenderedPhoto {
  /** JPEG. */
  readonly picture: Uint8Array;
  /** One of each detection, in their order; empty where none are wanted. */
  readonly crops: readonly { readonly category: string; readonly jpeg: Uint8Array }[];
}

export interface RenderOptions {
  readonly categories: readonly ModelCategory[];
  readonly withCrops: boolean;
  readonly maxPixels: number;
}

const QUALITY = 92;

/** @param path of the photograph @throws UnreadableImageError, ImageTooLargeError; what the encoder throws */
export async function renderPhoto(
  path: string,
  detections: readonly Detection[],
  { categories, withCrops, maxPixels }: RenderOptions,
): Promise<RenderedPhoto> {
  const image = await decodeRgb(path, { maxPixels });
  const encode = (part: typeof image) => encodeRgb(part, { format: 'jpeg', quality: QUALITY });
  const crops: { category: string; jpeg: Uint8Array }[] = [];
  // Before the boxes are drawn: a crop shows the garment alone.
  for (const { box, category } of withCrops ? integerDetections(detections, image, categories) : [])
    crops.push({ category, jpeg: await encode(cropRgb(image, box)) });
  drawBoxes(
    image,
    detections.map((one) => labeled(one, categories)),
  );
  return { picture: await encode(image), crops };
}

function labeled(
  { box, category, score }: Detection,
  categories: readonly ModelCategory[],
): LabeledBox {
  const { name } = categories[category] as ModelCategory;
  return { box, label: `${name} ${Math.round(score * 100)} %`, color: categoryColor(category) };
}
