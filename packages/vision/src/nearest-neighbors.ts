import { ArrayShapeError } from './errors.ts';
import { checkFeatures, type Features } from './features.ts';

export interface Neighbor {
  /** Row of the reference set. */
  readonly index: number;
  /** Euclidean distance in the feature space. */
  readonly distance: number;
}

/**
 * For each row of `queries`, the k nearest rows of `references` (all of them where they are fewer), nearest first; ties go to
 * the lower row. Exact: every pair is measured.
 */
export function nearestNeighbors(
  queries: Features,
  references: Features,
  k: number,
): readonly (readonly Neighbor[])[] {
  checkFeatures('Nearest neighbors', queries, references, 1);
  if (!Number.isInteger(k) || k < 1) {
    throw new ArrayShapeError('Nearest neighbors', 'k from 1 up', `${k}`);
  }
  return Array.from({ length: queries.count }, (_, row) => {
    const nearest: { index: number; distance: number }[] = [];
    for (let index = 0; index < references.count; index++) {
      const distance = squaredDistance(queries, row, references, index);
      if (nearest.length === k && distance >= (nearest[k - 1]?.distance ?? 0)) continue;
      let place = nearest.length;
      while (place > 0 && (nearest[place - 1]?.distance ?? 0) > distance) place--;
      nearest.splice(place, 0, { index, distance });
      if (nearest.length > k) nearest.pop();
    }
    return nearest.map(({ index, distance }) => ({ index, distance: Math.sqrt(distance) }));
  });
}

export interface PrecisionRecall {
  /** Part of the generated rows that lie among the real ones, in [0, 1]: are they believable? */
  readonly precision: number;
  /** Part of the real rows that lie among the generated ones, in [0, 1]: is all of it covered? */
  readonly recall: number;
}

/**
 * Improved precision and recall (Kynkaanniemi et al. 2019): a row lies among a set if it is within the distance of some
 * member's k-th nearest other member.
 */
export function precisionRecall(real: Features, generated: Features, k = 3): PrecisionRecall {
  checkFeatures('Precision and recall', real, generated, k + 1);
  return { precision: partAmong(generated, real, k), recall: partAmong(real, generated, k) };
}

function partAmong(rows: Features, members: Features, k: number): number {
  // The nearest row of a set to its own member is that member.
  const radii = nearestNeighbors(members, members, k + 1).map(
    (neighbors) => neighbors[k]?.distance ?? 0,
  );
  let inside = 0;
  for (let row = 0; row < rows.count; row++) {
    const isAmong = radii.some((radius, i) => {
      return Math.sqrt(squaredDistance(rows, row, members, i)) <= radius;
    });
    if (isAmong) inside++;
  }
  return inside / rows.count;
}

function squaredDistance(one: Features, row: number, other: Features, index: number): number {
  const { dimension } = one;
  const from = row * dimension;
  const start = index * dimension;
  let sum = 0;
  for (let i = 0; i < dimension; i++) {
    const step = (one.values[from + i] as number) - (other.values[start + i] as number);
    sum += step * step;
  }
  return sum;
}
