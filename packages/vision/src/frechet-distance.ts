import { checkFeatures, type Features } from './features.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** Mean and unbiased (n - 1) covariance of rows of features. */
export interface FeatureMoments {
  readonly dimension: number;
  /** [dimension]. */
  readonly mean: Float64Array;
  /** [dimension, dimension]. */
  readonly covariance: Float64Array;
}

/** @throws ArrayShapeError with fewer than 2 rows */
export function momentsOf(features: Features): FeatureMoments {
  checkFeatures('Feature moments', features, features, 2);
  const { values, count, dimension: d } = features;
  const mean = new Float64Array(d);
  for (let i = 0; i < values.length; i++) {
    mean[i % d] = (mean[i % d] as number) + (values[i] as number) / count;
  }
  const covariance = new Float64Array(d * d);
  const centered = new Float64Array(d);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < d; i++) centered[i] = (values[row * d + i] as number) - (mean[i] as number);
    for (let i = 0; i < d; i++) {
      const left = (centered[i] as number) / (count - 1);
      for (let j = 0; j < d; j++) {
        covariance[i * d + j] = (covariance[i * d + j] as number) + left * (centered[j] as number);
      }
    }
  }
  return { dimension: d, mean, covariance };
}

/**
 * Frechet distance of two Gaussians fitted to features (Heusel et al. 2017; on Inception features it is called FID):
 *
 *   |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))
 *
 * The trace of the root is the sum of the roots of the eigenvalues of S1^(1/2) S2 S1^(1/2), which is symmetric and has those
 * of S1 S2; so a covariance without full rank (fewer rows than columns) is no special case. At least 0. For up to a few
 * hundred columns: the time grows with their cube.
 */
export function frechetDistance(real: Features, generated: Features): number {
  checkFeatures('Frechet distance', real, generated, 2);
  return frechetDistanceOfMoments(momentsOf(real), momentsOf(generated));
}

export function frechetDistanceOfMoments(one: FeatureMoments, other: FeatureMoments): number {
  const d = one.dimension;
  let distance = 0;
  for (let i = 0; i < d; i++) {
    distance += ((one.mean[i] as number) - (other.mean[i] as number)) ** 2;
    distance += (one.covariance[i * d + i] as number) + (other.covariance[i * d + i] as number);
  }
  const root = squareRoot(one.covariance, d);
  const product = multiply(multiply(root, other.covariance, d), root, d);
  const { values } = symmetricEigen(symmetrized(product, d), d);
  const trace = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return Math.max(0, distance - 2 * trace);
}

/** The symmetric square root of a positive semi-definite matrix: V sqrt(D) V'. */
function squareRoot(matrix: Float64Array, d: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, d);
  const scaled = Float64Array.from(
    vectors,
    (value, i) => value * Math.sqrt(Math.max(0, values[i % d] as number)),
  );
  return multiply(scaled, transposed(vectors, d), d);
}

function transposed(matrix: Float64Array, d: number): Float64Array {
  return Float64Array.from(matrix, (_, i) => matrix[(i % d) * d + Math.floor(i / d)] as number);
}

function symmetrized(matrix: Float64Array, d: number): Float64Array {
  const other = transposed(matrix, d);
  return matrix.map((value, i) => (value + (other[i] as number)) / 2);
}

function multiply(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const product = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < d; k++) {
      const left = a[i * d + k] as number;
      for (let j = 0; j < d; j++) {
        product[i * d + j] = (product[i * d + j] as number) + left * (b[k * d + j] as number);
      }
    }
  }
  return product;
}
