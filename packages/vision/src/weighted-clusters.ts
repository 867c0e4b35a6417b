import { type OkLab, oklabDistance } from './oklab.ts';
import type { Random } from './random.ts';

/** A color and how much of it there is (any unit, > 0). */
export interface WeightedColor {
  readonly lab: OkLab;
  readonly weight: number;
}

export interface ColorClusters {
  /** Means of the clusters, at most k. */
  readonly centers: readonly OkLab[];
  /** Sum of the weights of each cluster. */
  readonly weights: readonly number[];
  /** Cluster of each input color. */
  readonly assignment: readonly number[];
}

const MAX_ROUNDS = 50;

/**
 * Weighted k-means in OKLab (Lloyd 1982) from a seeded k-means++ start (Arthur and Vassilvitskii 2007). The same input
 * in the same order with the same random stream gives the same clusters. No cluster is empty; fewer distinct colors
 * than k give fewer clusters.
 */
export function clusterColors(
  colors: readonly WeightedColor[],
  k: number,
  random: Random,
): ColorClusters {
  if (colors.length === 0 || k < 1) return { centers: [], weights: [], assignment: [] };
  let centers = startCenters(colors, k, random);
  let assignment = colors.map((color) => nearestColor(color.lab, centers));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const means = meansOf(colors, assignment, centers.length);
    centers = means.map((mean, cluster) => mean.lab ?? (centers[cluster] as OkLab));
    const next = colors.map((color) => nearestColor(color.lab, centers));
    const settled = next.every((cluster, i) => cluster === assignment[i]);
    assignment = next;
    if (settled) break;
  }
  return withoutEmpty(colors, assignment, centers.length);
}

/** Index of the nearest of the colors; ties go to the first. */
export function nearestColor(lab: OkLab, colors: readonly OkLab[]): number {
  let best = 0;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [i, color] of colors.entries()) {
    const distance = oklabDistance(lab, color);
    if (distance < bestDistance) {
      best = i;
      bestDistance = distance;
    }
  }
  return best;
}

/** k-means++: each next center is drawn with probability proportional to weight x squared distance to those chosen. */
function startCenters(colors: readonly WeightedColor[], k: number, random: Random): OkLab[] {
  let draw = colors.map((color) => color.weight);
  const centers: OkLab[] = [];
  while (centers.length < k) {
    const total = draw.reduce((sum, value) => sum + value, 0);
    if (total <= 1e-12) break;
    const center = (colors[indexAt(draw, random() * total)] as WeightedColor).lab;
    centers.push(center);
    draw = colors.map(({ lab, weight }, i) => {
      const potential = weight * oklabDistance(lab, center) ** 2;
      return centers.length === 1 ? potential : Math.min(draw[i] as number, potential);
    });
  }
  return centers;
}

function indexAt(weights: readonly number[], position: number): number {
  let left = position;
  let last = 0;
  for (const [i, weight] of weights.entries()) {
    if (weight <= 0) continue;
    last = i;
    left -= weight;
    if (left < 0) return i;
  }
  return last;
}

function meansOf(colors: readonly WeightedColor[], assignment: readonly number[], count: number) {
  const sums = Array.from({ length: count }, () => ({ l: 0, a: 0, b: 0, weight: 0 }));
  for (const [i, { lab, weight }] of colors.entries()) {
    const sum = sums[assignment[i] as number] as (typeof sums)[number];
    sum.l += lab.l * weight;
    sum.a += lab.a * weight;
    sum.b += lab.b * weight;
    sum.weight += weight;
  }
  return sums.map(({ l, a, b, weight }) => ({
    weight,
    lab: weight > 0 ? { l: l / weight, a: a / weight, b: b / weight } : undefined,
  }));
}

function withoutEmpty(
  colors: readonly WeightedColor[],
  assignment: readonly number[],
  count: number,
): ColorClusters {
  const means = meansOf(colors, assignment, count);
  const place = new Map<number, number>();
  const centers: OkLab[] = [];
  const weights: number[] = [];
  for (const [cluster, { lab, weight }] of means.entries()) {
    if (lab === undefined) continue;
    place.set(cluster, centers.length);
    centers.push(lab);
    weights.push(weight);
  }
  return { centers, weights, assignment: assignment.map((cluster) => place.get(cluster) ?? 0) };
}
