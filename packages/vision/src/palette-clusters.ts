import type { OkLab } from './oklab.ts';
import { type Swatch, swatchOf } from './palette.ts';
import { createRandom } from './random.ts';
import { clusterColors, nearestColor, type WeightedColor } from './weighted-clusters.ts';

/** The least of a palette that clustering needs: colors and shares that sum to 1. */
export type ColorShares = readonly Pick<Swatch, 'lab' | 'share'>[];

export interface PaletteClusters {
  /** The set's palette, largest share first. A share is the mean over the items; the shares sum to 1. */
  readonly clusters: readonly Swatch[];
  /** For each item, in order, its share of each cluster; each row sums to 1 (a palette without colors: all 0). */
  readonly itemShares: readonly (readonly number[])[];
}

/**
 * The palette of a set of garments (a season): their palettes' colors clustered in OKLab, each garment counting the same.
 * Deterministic for the same palettes in the same order.
 * @param k most clusters
 */
export function clusterPalettes(palettes: readonly ColorShares[], k: number): PaletteClusters {
  const colors: WeightedColor[] = palettes.flatMap((palette) =>
    palette.filter(({ share }) => share > 0).map(({ lab, share }) => ({ lab, weight: share })),
  );
  const { centers, weights } = clusterColors(colors, k, createRandom(1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const clusters = centers
    .map((lab, i) => swatchOf(lab, (weights[i] as number) / total))
    .sort((one, other) => other.share - one.share);
  const ordered = clusters.map(({ lab }) => lab);
  return { clusters, itemShares: palettes.map((palette) => sharesOf(palette, ordered)) };
}

/**
 * How much of a palette falls to each of given clusters (nearest in OKLab). With the clusters of one season, another
 * season's garments are counted in the same colors, so that their shares can be compared.
 */
export function sharesOf(palette: ColorShares, clusters: readonly OkLab[]): number[] {
  const shares = clusters.map(() => 0);
  if (clusters.length === 0) return shares;
  const total = palette.reduce((sum, { share }) => sum + share, 0);
  for (const { lab, share } of palette) {
    const cluster = nearestColor(lab, clusters);
    shares[cluster] = (shares[cluster] as number) + (total > 0 ? share / total : 0);
  }
  return shares;
}
