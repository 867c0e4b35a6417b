/**
 * From the network's answers to detections (Ren et al. 2015, section 3.3; Detectron's rules): threshold, suppression
 * within each category, the best of what stays, back to the photo's own pixels.
 *
 * Shape shorthand: P proposals of the image, K categories; class 0 is background.
 */
import { nonMaxSuppression } from '@deepstyle/vision';
import type { ImageSize } from './anchors.ts';
import type { Letterbox } from './letterbox.ts';

export interface PostprocessOptions {
  /** Detections with a lower score are dropped. */
  readonly minScore: number;
  /** IoU above which the lower of two boxes of a category is dropped. */
  readonly nmsIou: number;
  readonly maxDetections: number;
}

export interface RawDetections {
  /** [P, 4] xyxy px of the network's image */
  readonly boxes: Float32Array;
  /** [P, K + 1] in [0, 1] */
  readonly scores: Float32Array;
}

export interface Detection {
  /** left, top, right, bottom, px of the photo, continuous. */
  readonly box: readonly [number, number, number, number];
  /** 0 .. K - 1 */
  readonly category: number;
  /** (0, 1] */
  readonly score: number;
}

interface Candidates {
  readonly boxes: number[];
  readonly scores: number[];
  readonly categories: number[];
}

function candidatesOf({ boxes, scores }: RawDetections, minScore: number): Candidates {
  const found: Candidates = { boxes: [], scores: [], categories: [] };
  const classes = scores.length / (boxes.length / 4);
  for (const [i, score] of scores.entries()) {
    const category = (i % classes) - 1;
    const place = Math.floor(i / classes) * 4;
    const [left, top, right, bottom] = boxes.subarray(place, place + 4) as never as number[];
    const hasExtent = Number(right) > Number(left) && Number(bottom) > Number(top);
    // NaN is no score.
    if (category < 0 || !(score >= minScore) || !hasExtent) continue;
    found.boxes.push(Number(left), Number(top), Number(right), Number(bottom));
    found.scores.push(score);
    found.categories.push(category);
  }
  return found;
}

/**
 * Detections of one image, highest score first.
 * @param photo its size in px; what lies outside of it is cut off
 */
export function postprocess(
  raw: RawDetections,
  photo: ImageSize,
  { scaleX, scaleY }: Letterbox,
  options: PostprocessOptions,
): Detection[] {
  const { boxes, scores, categories } = candidatesOf(raw, options.minScore);
  const kept = nonMaxSuppression(Float64Array.from(boxes), scores, options.nmsIou, categories);
  const found = kept.map((i) => {
    const [left, top, right, bottom] = boxes.slice(i * 4, i * 4 + 4) as [
      number,
      number,
      number,
      number,
    ];
    const across = (x: number) => Math.min(photo.width, x / scaleX);
    const down = (y: number) => Math.min(photo.height, y / scaleY);
    return {
      box: [across(left), down(top), across(right), down(bottom)] as const,
      category: categories[i] as number,
      score: scores[i] as number,
    };
  });
  // In the grey beside the photo there is nothing.
  const isInside = ({ box: [left, top, right, bottom] }: Detection) => right > left && bottom > top;
  return found.filter(isInside).slice(0, options.maxDetections);
}
