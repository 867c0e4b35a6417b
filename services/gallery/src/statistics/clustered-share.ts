import { studentQuantile95 } from './distributions.ts';

/** A part of a season: which photograph each garment is from, as an index from 0. */
export interface Sample {
  /** [garments], each in [0, photos). */
  readonly photoOf: Int32Array;
  readonly photos: number;
}

/** A mean of values in [0, 1] over garments, and how much evidence it rests on. */
export interface ClusteredShare {
  /** In [0, 1]. */
  readonly share: number;
  /** Sum of the values. */
  readonly total: number;
  /** Of `share`; 0 where it cannot be estimated. */
  readonly variance: number;
  /** Independent garments that would give the same precision; > 0, or 0 without garments. */
  readonly effectiveGarments: number;
  readonly garments: number;
  readonly photos: number;
}

/**
 * Share with its design-based variance. Garments cut from one photograph resemble each other, so the photograph is the
 * sampling unit: the variance is that of a ratio estimator with photographs as clusters (Cochran 1977, eq. 9A.9;
 * Korn & Graubard 1999, section 2.3), the same as the cluster-robust "CR1" variance of a mean:
 *
 *     V = m / (m - 1) * Σ_i (y_i - p n_i)² / N²      m photographs, photograph i with n_i garments and the sum y_i
 *
 * but not below s² / N, that of independent garments: a gain from few photographs is as likely chance. With one
 * garment per photograph V = s² / N exactly.
 *
 * The effective size (Korn & Graubard 1998, "Confidence intervals for proportions with small expected number of
 * positive counts estimated from survey data", Survey Methodology 24) is p (1 - p) / V, scaled so that 0/1 values with
 * one garment per photograph give N, and reduced by (t_{N-1} / t_{m-1})² for the photographs being few. Where V is 0
 * (share 0 or 1, or all alike) it is the number of photographs: the most cautious reading.
 *
 * @param values [garments], each in [0, 1]
 */
export function clusteredShare(values: Float64Array, sample: Sample): ClusteredShare {
  const { photoOf, photos } = sample;
  const garments = values.length;
  let total = 0;
  for (let index = 0; index < garments; index += 1) total += values[index] ?? 0;
  if (garments === 0)
    return { share: 0, total, variance: 0, effectiveGarments: 0, garments, photos };
  const share = clamp(total / garments);
  const variance = photos < 2 ? 0 : varianceOf(values, photoOf, photos, share);
  return {
    share,
    total,
    variance,
    effectiveGarments: effectiveSize(share, variance, garments, photos),
    garments,
    photos,
  };
}

function varianceOf(
  values: Float64Array,
  photoOf: Int32Array,
  photos: number,
  share: number,
): number {
  const residuals = new Float64Array(photos);
  let squares = 0;
  const n = values.length;
  // Counted loops: iterators of typed arrays are many times slower, and seasons are long.
  for (let index = 0; index < n; index += 1) {
    const residual = (values[index] ?? 0) - share;
    squares += residual * residual;
    const photo = photoOf[index] ?? 0;
    residuals[photo] = (residuals[photo] ?? 0) + residual;
  }
  let clustered = 0;
  for (let photo = 0; photo < photos; photo += 1) clustered += (residuals[photo] ?? 0) ** 2;
  return Math.max((photos / (photos - 1)) * (clustered / n ** 2), squares / (n * (n - 1)));
}

function effectiveSize(share: number, variance: number, n: number, photos: number): number {
  const spread = share * (1 - share);
  // Rounding leaves a trace of variance where all values are alike.
  if (spread < 1e-12 || variance < 1e-18) return photos;
  const fewPhotos =
    photos === n ? 1 : (studentQuantile95(n - 1) / studentQuantile95(photos - 1)) ** 2;
  return (spread / variance) * (n / (n - 1)) * fewPhotos;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
