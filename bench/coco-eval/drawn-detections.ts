import {
  type CocoAnnotation,
  type CocoBox,
  type CocoDataset,
  type CocoDetection,
  createRandom,
  type Random,
} from '@deepstyle/vision';

export interface DrawnSize {
  readonly images: number;
  readonly annotations: number;
  readonly categories: number;
  readonly detections: number;
}

/** The size of COCO val2017 with what a detector gives on it. */
export const VAL2017: DrawnSize = {
  images: 5000,
  annotations: 36_000,
  categories: 80,
  detections: 180_000,
};

const WIDTH = 640;
const HEIGHT = 480;
const CROWD_PART = 0.012;
/** Detections that lie about a truth; the others lie anywhere. */
const NEAR_PART = 0.4;
/** Detections of the right category, of those about a truth. */
const RIGHT_PART = 0.85;

/** Ground truth and detections drawn from a seed: a long tail of categories, boxes of all sizes, crowds, equal scores. */
export function drawDetections(
  size: DrawnSize,
  seed: number,
): { readonly dataset: CocoDataset; readonly detections: readonly CocoDetection[] } {
  const random = createRandom(seed);
  const images = Array.from({ length: size.images }, (_, i) => ({
    id: 3 * i + 7,
    width: WIDTH,
    height: HEIGHT,
    file_name: `${i}.jpg`,
  }));
  const categories = Array.from({ length: size.categories }, (_, i) => ({
    id: i + 1 + Math.floor(i / 10),
    name: `category ${i}`,
  }));
  const imageId = () => pick(images, random).id;
  // Squared, so that the first categories are common and the last ones rare, as in COCO.
  const categoryId = () =>
    (categories[Math.floor(random() ** 2 * categories.length)] as { id: number }).id;
  const annotations = Array.from({ length: size.annotations }, (_, i): CocoAnnotation => {
    const bbox = drawBox(random);
    return {
      id: i + 1,
      image_id: imageId(),
      category_id: categoryId(),
      bbox,
      area: round(bbox[2] * bbox[3] * (0.5 + random() / 2)),
      iscrowd: random() < CROWD_PART ? 1 : 0,
    };
  });
  const detections = Array.from({ length: size.detections }, (): CocoDetection => {
    if (random() < NEAR_PART) return drawNear(pick(annotations, random), categoryId, random);
    const score = round(random() * 0.5);
    return { image_id: imageId(), category_id: categoryId(), bbox: drawBox(random), score };
  });
  return { dataset: { images, categories, annotations }, detections };
}

function drawNear(
  { bbox, image_id, category_id }: CocoAnnotation,
  otherCategory: () => number,
  random: Random,
): CocoDetection {
  const spread = random() * 0.4;
  const moved = (value: number, by: number) => round(value + (random() - 0.5) * spread * by);
  const [left, top, width, height] = bbox;
  return {
    image_id,
    category_id: random() < RIGHT_PART ? category_id : otherCategory(),
    bbox: [
      moved(left, width),
      moved(top, height),
      Math.max(1, moved(width, width)),
      Math.max(1, moved(height, height)),
    ],
    score: round(Math.min(1, 1 - spread + (random() - 0.5) * 0.8)),
  };
}

function drawBox(random: Random): CocoBox {
  const side = () => 6 + 300 * random() ** 3;
  const [width, height] = [side(), side()];
  const left = random() * (WIDTH - width);
  const top = random() * (HEIGHT - height);
  return [round(left), round(top), round(width), round(height)];
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** To three digits, as result files have them; so some scores are equal. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
