import { foregroundOf, labPlane } from './background.ts';
import { type ColorName, colorNameOf } from './color-names.ts';
import { decodeRgb, type RgbImage } from './image.ts';
import { hexOfOklab, type OkLab, oklabDistance } from './oklab.ts';
import { createRandom } from './random.ts';
import { clusterColors, type WeightedColor } from './weighted-clusters.ts';

/** One color of a palette. */
export interface Swatch {
  readonly lab: OkLab;
  /** `#rrggbb`. */
  readonly hex: string;
  /** The nearest basic color word. */
  readonly name: ColorName;
  /** Part of the garment in this color, in (0, 1]. */
  readonly share: number;
}

export interface Palette {
  /** Largest share first; the shares sum to 1. */
  readonly swatches: readonly Swatch[];
}

export interface PaletteOptions {
  /** Most swatches. */
  readonly colors?: number;
  /** False: the whole picture counts, for one that is all garment. */
  readonly removeBackground?: boolean;
  /** How much each pixel counts, in [0, 1], where it is known what is background; else its colors tell. */
  readonly weights?: Float32Array;
}

/** Side at which palettes are taken, px: floors and knits have averaged out, stripes still stand. */
export const PALETTE_SIDE_PX = 112;
/** Clusters nearer than this (OKLab) are one color in light and shade. */
const SAME_SWATCH = 0.06;
/** A smaller cluster is a button or a seam: its pixels go to the nearest other one. */
const MIN_SHARE = 0.03;

/**
 * The dominant colors of a garment's photograph, in OKLab. Deterministic: the same bytes give the same palette.
 * @throws UnreadableImageError, ImageTooLargeError as `decodeRgb`
 */
export async function paletteOfPhoto(
  bytes: Uint8Array,
  options: PaletteOptions & { readonly maxPixels?: number } = {},
): Promise<Palette> {
  const { maxPixels, ...rest } = options;
  const limits = { maxSidePx: PALETTE_SIDE_PX, ...(maxPixels === undefined ? {} : { maxPixels }) };
  return paletteOf(await decodeRgb(bytes, limits), rest);
}

/** The dominant colors of decoded pixels; decode at about `PALETTE_SIDE_PX`. */
export function paletteOf(image: RgbImage, options: PaletteOptions = {}): Palette {
  const { colors = 5, removeBackground = true } = options;
  const weights = options.weights ?? weightsOf(image, removeBackground);
  const bins = histogram(labPlane(image), weights);
  const clusters = clusterColors(bins, colors + 2, createRandom(1));
  const merged = mergeClose(
    clusters.centers.map((lab, i) => ({ lab, weight: clusters.weights[i] as number })),
    colors,
  );
  const total = merged.reduce((sum, { weight }) => sum + weight, 0);
  const swatches = merged
    .sort((one, other) => other.weight - one.weight)
    .map(({ lab, weight }) => swatchOf(lab, weight / total));
  return { swatches };
}

function weightsOf(image: RgbImage, removeBackground: boolean): Float32Array {
  if (removeBackground) return foregroundOf(image).weights;
  return new Float32Array(image.width * image.height).fill(1);
}

/** The one color to show in place of a picture that has not loaded: the mean of its largest cluster, `#rrggbb`. */
export function dominantColor(image: RgbImage): string {
  const { swatches } = paletteOf(image, { colors: 3, removeBackground: false });
  return swatches[0]?.hex ?? '#808080';
}

/** A swatch with its hex and its name. */
export function swatchOf(lab: OkLab, share: number): Swatch {
  return { lab, hex: hexOfOklab(lab), name: colorNameOf(lab), share };
}

/** Cells of 1/32 of L and 1/40 of a and b, each with the mean of its pixels: a picture becomes some hundred colors. */
function histogram(lab: Float32Array, weights: Float32Array): WeightedColor[] {
  const cells = new Map<number, { l: number; a: number; b: number; weight: number }>();
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    const l = lab[i * 3] as number;
    const a = lab[i * 3 + 1] as number;
    const b = lab[i * 3 + 2] as number;
    const key =
      Math.round(l * 32) * 4096 + Math.round((a + 0.5) * 40) * 64 + Math.round((b + 0.5) * 40);
    const cell = cells.get(key) ?? { l: 0, a: 0, b: 0, weight: 0 };
    cells.set(key, cell);
    cell.l += l * weight;
    cell.a += a * weight;
    cell.b += b * weight;
    cell.weight += weight;
  }
  return [...cells.entries()]
    .sort(([one], [other]) => one - other)
    .map(([, { l, a, b, weight }]) => ({
      lab: { l: l / weight, a: a / weight, b: b / weight },
      weight,
    }));
}

/** Joins the closest pair while it is one color, a cluster is too small, or there are too many. */
function mergeClose(clusters: WeightedColor[], most: number): WeightedColor[] {
  const left = [...clusters];
  const total = left.reduce((sum, { weight }) => sum + weight, 0);
  while (left.length > 1) {
    const pair = closestPair(left, total, left.length > most);
    if (pair === undefined) break;
    const [keep, drop] = pair;
    left[keep] = joined(left[keep] as WeightedColor, left[drop] as WeightedColor);
    left.splice(drop, 1);
  }
  return left;
}

function closestPair(
  clusters: readonly WeightedColor[],
  total: number,
  mustJoin: boolean,
): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let one = 0; one < clusters.length; one++) {
    for (let other = one + 1; other < clusters.length; other++) {
      const left = clusters[one] as WeightedColor;
      const right = clusters[other] as WeightedColor;
      const distance = oklabDistance(left.lab, right.lab);
      const small = Math.min(left.weight, right.weight) < MIN_SHARE * total;
      if (distance >= bestDistance || !(small || mustJoin || distance < SAME_SWATCH)) continue;
      best = [one, other];
      bestDistance = distance;
    }
  }
  return best;
}

function joined(one: WeightedColor, other: WeightedColor): WeightedColor {
  const weight = one.weight + other.weight;
  const mean = (x: number, y: number) => (x * one.weight + y * other.weight) / weight;
  return {
    weight,
    lab: {
      l: mean(one.lab.l, other.lab.l),
      a: mean(one.lab.a, other.lab.a),
      b: mean(one.lab.b, other.lab.b),
    },
  };
}
