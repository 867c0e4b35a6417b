import type { RgbImage } from './image.ts';
import { type OkLab, oklabOfRgb } from './oklab.ts';
import { createRandom } from './random.ts';
import { clusterColors } from './weighted-clusters.ts';

/** What of a photograph is taken for the garment, and how that was decided. */
export interface Foreground {
  /** [height, width], weight of each pixel in [0, 1]; 0 is background. */
  readonly weights: Float32Array;
  /**
   * `flood`: the background was one or a few colors at the border and was removed. `center`: it could not be told from
   * the garment (busy, or of the garment's color), so that pixels only count the less the farther out they lie.
   */
  readonly method: 'flood' | 'center';
  /** Part of the pixels removed as background, in [0, 1]; 0 with `center`. */
  readonly backgroundShare: number;
}

/** OKLab distances that tell background from garment. */
interface Tolerance {
  /** A pixel this near to a border color is background wherever the flood reaches it. */
  readonly same: number;
  /** Up to here it is background where it also differs little from the neighbor the flood came from: soft shadows. */
  readonly shaded: number;
}

/** The wide one clears textured floors; where it eats a garment of the floor's color, the narrower ones are tried. */
const TOLERANCES: readonly Tolerance[] = [
  { same: 0.075, shaded: 0.16 },
  { same: 0.05, shaded: 0.09 },
  { same: 0.03, shaded: 0.05 },
];
const SMALL_STEP = 0.018;
/** A border color must hold this part of the border samples, or it is a hem or a sleeve that leaves the picture. */
const MIN_BORDER_SHARE = 0.1;
const MAX_BORDER_COLORS = 4;
/** Outside these limits the fill has failed: it ate the garment, or found no background. */
const MIN_FOREGROUND = 0.06;
const MIN_BACKGROUND = 0.05;
/** A garment covers most of the picture's middle and of its own outline; what a leaking flood leaves is tatters. */
const MIN_MIDDLE = 0.5;
const MIN_SOLIDITY = 0.58;
/** Islands smaller than this part of the largest one are specks of the floor. */
const MIN_ISLAND = 0.08;

/**
 * Tell the garment from its background: a flood fill from the picture's border over colors like those of the border.
 * Meant for a picture of about 100 px (decode with `maxSidePx`), where the texture of floors and cloths has averaged out.
 */
export function foregroundOf(image: RgbImage): Foreground {
  const { width, height } = image;
  const lab = labPlane(image);
  const border = borderPixels(width, height);
  const nearest = distanceToColors(lab, borderColors(lab, border));
  for (const tolerance of TOLERANCES) {
    const background = floodFrom(border, image, lab, nearest, tolerance);
    removeSpecks(background, width, height);
    if (!isGarmentLike(background, width, height)) continue;
    return {
      weights: insideWeights(background, width, height),
      method: 'flood',
      backgroundShare: shareOf(background),
    };
  }
  const weights = centerWeights(width, height);
  return { weights, method: 'center', backgroundShare: 0 };
}

/** Part of the pixels that are background. */
function shareOf(background: Uint8Array): number {
  let removed = 0;
  for (const outside of background) removed += outside;
  return removed / background.length;
}

/** Whether what the flood left can be a garment: neither nothing nor everything, and in one piece. */
function isGarmentLike(background: Uint8Array, width: number, height: number): boolean {
  const box = { left: width, right: -1, top: height, bottom: -1 };
  let foreground = 0;
  let outline = 0;
  for (let y = 0; y < height; y++) {
    let first = width;
    let last = -1;
    for (let x = 0; x < width; x++) {
      if (background[y * width + x] === 1) continue;
      foreground++;
      first = Math.min(first, x);
      last = x;
    }
    if (last < 0) continue;
    outline += last - first + 1;
    box.left = Math.min(box.left, first);
    box.right = Math.max(box.right, last);
    box.top = Math.min(box.top, y);
    box.bottom = y;
  }
  const share = foreground / background.length;
  if (share < MIN_FOREGROUND || share > 1 - MIN_BACKGROUND) return false;
  if (foreground < MIN_SOLIDITY * outline) return false;
  const picture = { left: 0, right: width - 1, top: 0, bottom: height - 1 };
  return [picture, box].some((area) => middleShare(background, width, area) >= MIN_MIDDLE);
}

/** Part of foreground in the middle third, by width and height, of a box (ends included). */
function middleShare(
  background: Uint8Array,
  width: number,
  box: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  },
): number {
  const thirdX = (box.right - box.left + 1) / 3;
  const thirdY = (box.bottom - box.top + 1) / 3;
  let inside = 0;
  let all = 0;
  for (let y = Math.round(box.top + thirdY); y <= Math.round(box.bottom - thirdY); y++) {
    for (let x = Math.round(box.left + thirdX); x <= Math.round(box.right - thirdX); x++) {
      all++;
      if (background[y * width + x] === 0) inside++;
    }
  }
  return all === 0 ? 0 : inside / all;
}

/** [height, width, 3] OKLab. */
export function labPlane({ data }: RgbImage): Float32Array {
  const lab = new Float32Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const { l, a, b } = oklabOfRgb(data[i] as number, data[i + 1] as number, data[i + 2] as number);
    lab[i] = l;
    lab[i + 1] = a;
    lab[i + 2] = b;
  }
  return lab;
}

/**
 * The border's pixels: left and right whole, top and bottom only the quarter at each end, because a garment leaves the
 * picture at the middle of its top or bottom if it does at all.
 */
function borderPixels(width: number, height: number): number[] {
  const pixels: number[] = [];
  for (let y = 0; y < height; y++) pixels.push(y * width, y * width + width - 1);
  const quarter = Math.floor(width / 4);
  for (let x = 1; x < width - 1; x++) {
    if (x >= quarter && x < width - quarter) continue;
    pixels.push(x, (height - 1) * width + x);
  }
  return pixels;
}

function borderColors(lab: Float32Array, border: readonly number[]): OkLab[] {
  const colors = border.map((i) => ({
    lab: {
      l: lab[i * 3] as number,
      a: lab[i * 3 + 1] as number,
      b: lab[i * 3 + 2] as number,
    },
    weight: 1,
  }));
  const clusters = clusterColors(colors, MAX_BORDER_COLORS, createRandom(1));
  const least = colors.length * MIN_BORDER_SHARE;
  return clusters.centers.filter((_, i) => (clusters.weights[i] as number) >= least);
}

/** [height, width]: 1 where background. */
function floodFrom(
  border: readonly number[],
  { width, height }: RgbImage,
  lab: Float32Array,
  nearest: Float32Array,
  tolerance: Tolerance,
): Uint8Array {
  const background = new Uint8Array(width * height);
  const queue: number[] = [];
  for (const i of border) {
    if (background[i] === 1 || (nearest[i] as number) > tolerance.same) continue;
    background[i] = 1;
    queue.push(i);
  }
  const visit = (from: number, to: number) => {
    if (background[to] === 1) return;
    const distance = nearest[to] as number;
    if (distance > tolerance.shaded) return;
    if (distance > tolerance.same && labStep(lab, from, to) > SMALL_STEP) return;
    background[to] = 1;
    queue.push(to);
  };
  for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
    const x = i % width;
    if (x > 0) visit(i, i - 1);
    if (x < width - 1) visit(i, i + 1);
    if (i >= width) visit(i, i - width);
    if (i < width * (height - 1)) visit(i, i + width);
  }
  return background;
}

function distanceToColors(lab: Float32Array, colors: readonly OkLab[]): Float32Array {
  const nearest = new Float32Array(lab.length / 3).fill(Number.POSITIVE_INFINITY);
  for (const color of colors) {
    for (let i = 0; i < nearest.length; i++) {
      const l = (lab[i * 3] as number) - color.l;
      const a = (lab[i * 3 + 1] as number) - color.a;
      const b = (lab[i * 3 + 2] as number) - color.b;
      const distance = Math.sqrt(l * l + a * a + b * b);
      if (distance < (nearest[i] as number)) nearest[i] = distance;
    }
  }
  return nearest;
}

function labStep(lab: Float32Array, from: number, to: number): number {
  const l = (lab[from * 3] as number) - (lab[to * 3] as number);
  const a = (lab[from * 3 + 1] as number) - (lab[to * 3 + 1] as number);
  const b = (lab[from * 3 + 2] as number) - (lab[to * 3 + 2] as number);
  return Math.sqrt(l * l + a * a + b * b);
}

/** Marks small islands of foreground as background, in place. */
function removeSpecks(background: Uint8Array, width: number, height: number): void {
  const seen = new Uint8Array(background);
  const islands: number[][] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 0) islands.push(islandFrom(start, seen, width, height));
  }
  const largest = islands.reduce((most, island) => Math.max(most, island.length), 0);
  for (const island of islands) {
    if (island.length >= largest * MIN_ISLAND) continue;
    for (const i of island) background[i] = 1;
  }
}

/** The pixels connected to `start` that are not yet seen; marks them as seen. */
function islandFrom(start: number, seen: Uint8Array, width: number, height: number): number[] {
  seen[start] = 1;
  const island = [start];
  for (let at = 0; at < island.length; at++) {
    for (const next of neighbors(island[at] as number, width, height)) {
      if (seen[next] === 1) continue;
      seen[next] = 1;
      island.push(next);
    }
  }
  return island;
}

function neighbors(i: number, width: number, height: number): number[] {
  const x = i % width;
  const found: number[] = [];
  if (x > 0) found.push(i - 1);
  if (x < width - 1) found.push(i + 1);
  if (i >= width) found.push(i - width);
  if (i < width * (height - 1)) found.push(i + width);
  return found;
}

/** 1 inside; 0.1 on the rim, whose pixels mix garment and background; 0 outside. */
function insideWeights(background: Uint8Array, width: number, height: number): Float32Array {
  return Float32Array.from(background, (outside, i) => {
    if (outside === 1) return 0;
    const onRim = neighbors(i, width, height).some((next) => background[next] === 1);
    return onRim ? 0.1 : 1;
  });
}

/** A bell around the center, standard deviation a fifth of each side. */
function centerWeights(width: number, height: number): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const x = ((i % width) + 0.5) / width - 0.5;
    const y = (Math.floor(i / width) + 0.5) / height - 0.5;
    return Math.exp(-(x * x + y * y) / (2 * 0.2 * 0.2));
  });
}
