/**
 * What MoveNet MultiPose says of an image: up to six people, each with the 17 joints of COCO, in pixels of the photo. Pure.
 */
import type { ImageSize } from './anchors.ts';
import type { Letterbox } from './letterbox.ts';

/** A joint, px of the photo. */
export interface Joint {
  readonly x: number;
  readonly y: number;
  /** Certainty in [0, 1]. */
  readonly score: number;
}

/** Left and right of each, in the words of COCO. */
export interface Person {
  readonly shoulders: readonly [Joint, Joint];
  readonly hips: readonly [Joint, Joint];
  readonly knees: readonly [Joint, Joint];
  readonly ankles: readonly [Joint, Joint];
  /** left, top, right, bottom, px of the photo, inside of it */
  readonly box: readonly [number, number, number, number];
  /** Certainty that somebody is there, in [0, 1]. */
  readonly score: number;
}

/** Numbers of a person: y, x and score of 17 joints, then top, left, bottom and right of its box, and its score. */
const ROW = 56;
const BOX = 51;
/** Places among COCO's joints. */
const JOINTS = { shoulders: [5, 6], hips: [11, 12], knees: [13, 14], ankles: [15, 16] } as const;

/**
 * The people of whom the network is certain enough.
 * @param output rows of 56 numbers, places in [0, 1] of the network's image
 */
export function peopleOf(
  output: ArrayLike<number>,
  photo: ImageSize,
  network: ImageSize,
  { scaleX, scaleY }: Letterbox,
  minScore: number,
): Person[] {
  const [across, down] = [network.width / scaleX, network.height / scaleY];
  const rows = Array.from({ length: output.length / ROW }, (_, i) => i * ROW);
  return rows.flatMap((start) => {
    const at = (place: number) => output[start + place] as number;
    const score = at(ROW - 1);
    if (!(score >= minScore)) return [];
    const joint = (place: number): Joint => {
      const [y, x, certainty] = [at(3 * place), at(3 * place + 1), at(3 * place + 2)];
      return { x: x * across, y: y * down, score: certainty };
    };
    const pair = (name: keyof typeof JOINTS): readonly [Joint, Joint] => {
      const [left, right] = JOINTS[name];
      return [joint(left), joint(right)];
    };
    const within = (value: number, side: number) => Math.min(side, Math.max(0, value));
    const person: Person = {
      shoulders: pair('shoulders'),
      hips: pair('hips'),
      knees: pair('knees'),
      ankles: pair('ankles'),
      box: [
        within(at(BOX + 1) * across, photo.width),
        within(at(BOX) * down, photo.height),
        within(at(BOX + 3) * across, photo.width),
        within(at(BOX + 2) * down, photo.height),
      ],
      score,
    };
    return [person];
  });
}
