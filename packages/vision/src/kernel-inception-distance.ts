import { ArrayShapeError } from './errors.ts';
import { checkFeatures, type Features } from './features.ts';
import { createRandom, shuffled } from './random.ts';

export interface KidOptions {
  /** Random subsets to average over; without it, one estimate over all rows (exact, and the least noisy). */
  readonly subsets?: number;
  /** Rows of each set in a subset; at most the rows of the smaller set. */
  readonly subsetSize?: number;
  readonly seed?: number;
}

export interface KernelInceptionDistance {
  /** Unbiased: about 0 for two samples of one distribution, so it may be slightly negative. */
  readonly value: number;
  /** Over the subsets; 0 for a single estimate. */
  readonly standardDeviation: number;
}

/**
 * Kernel Inception distance (Binkowski et al. 2018, "Demystifying MMD GANs", section 4): the unbiased estimator of the
 * squared maximum mean discrepancy with the kernel k(x, y) = (x.y/d + 1)^3:
 *
 *   mean over i != j of k(a_i, a_j) + mean over i != j of k(b_i, b_j) - 2 mean of k(a_i, b_j)
 */
export function kernelInceptionDistance(
  real: Features,
  generated: Features,
  options: KidOptions = {},
): KernelInceptionDistance {
  checkFeatures('KID', real, generated, 2);
  if (options.subsets === undefined) {
    return { value: squaredDiscrepancy(real, generated), standardDeviation: 0 };
  }
  const { subsets, subsetSize = 1000, seed = 1 } = options;
  const size = Math.min(subsetSize, real.count, generated.count);
  if (subsets < 1 || size < 2) {
    throw new ArrayShapeError('KID', 'at least 1 subset of 2 rows', `${subsets} of ${size}`);
  }
  const random = createRandom(seed);
  const values = Array.from({ length: subsets }, () =>
    squaredDiscrepancy(subset(real, size, random), subset(generated, size, random)),
  );
  const value = values.reduce((sum, one) => sum + one, 0) / subsets;
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / subsets;
  return { value, standardDeviation: Math.sqrt(variance) };
}

function squaredDiscrepancy(one: Features, other: Features): number {
  const within = (set: Features) => kernelSum(set, set, true) / (set.count * (set.count - 1));
  const across = kernelSum(one, other, false) / (one.count * other.count);
  return within(one) + within(other) - 2 * across;
}

/** Sum of the kernel over all pairs; of a set with itself, over pairs of different rows. */
function kernelSum(one: Features, other: Features, same: boolean): number {
  const { dimension } = one;
  let sum = 0;
  for (let i = 0; i < one.count; i++) {
    for (let j = same ? i + 1 : 0; j < other.count; j++) {
      const product = dot(one.values, i * dimension, other.values, j * dimension, dimension);
      const base = product / dimension + 1;
      sum += base * base * base;
    }
  }
  return same ? 2 * sum : sum;
}

function dot(
  a: Features['values'],
  from: number,
  b: Features['values'],
  start: number,
  length: number,
): number {
  // Four sums: they do not wait for one another, which is worth a factor of three here.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += (a[from + i] as number) * (b[start + i] as number);
    s1 += (a[from + i + 1] as number) * (b[start + i + 1] as number);
    s2 += (a[from + i + 2] as number) * (b[start + i + 2] as number);
    s3 += (a[from + i + 3] as number) * (b[start + i + 3] as number);
  }
  for (; i < length; i++) s0 += (a[from + i] as number) * (b[start + i] as number);
  return s0 + s1 + (s2 + s3);
}

function subset(set: Features, size: number, random: () => number): Features {
  const { dimension } = set;
  const rows = shuffled([...Array(set.count).keys()], random).slice(0, size);
  const values = new Float64Array(size * dimension);
  for (const [i, row] of rows.entries()) {
    values.set(set.values.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  }
  return { values, count: size, dimension };
}
