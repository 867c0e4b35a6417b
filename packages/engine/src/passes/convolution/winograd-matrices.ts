import type { Builder, Value } from '../../graph.ts';
import { at } from '../../host-tensor.ts';

/** `fine`: as a direct convolution in float32 rounds; `coarse`: up to four times that. */
export type Rounding = 'fine' | 'coarse';

export type Matrix = readonly (readonly number[])[];

/**
 * Minimal filtering F(m, r) (Winograd, 1980; Lavin and Gray, 2016): m outputs of an r-tap correlation by
 * m + r - 1 products, y = A' ((G g) * (B' d)). Cook-Toom construction over the points 0, 1, -1, 2, ..,
 * infinity. With m = 1 it is the plain sum.
 */
export interface MinimalFilter {
  /** [m, points] */
  readonly output: Matrix;
  /** [points, r] */
  readonly filter: Matrix;
  /** [points, points] */
  readonly input: Matrix;
}

/**
 * By number of finite points. Up to three the matrices hold 0, 1 and 1/2 only, and a tile rounds like a direct
 * convolution. Over a fourth, F(4, 2) takes a third fewer products, but rounds four times as coarsely (with 2 and
 * 1/2, which balance the matrices; twice that over 0, 1, -1, 2).
 */
const POINTS: Readonly<Record<number, readonly number[]>> = {
  1: [0],
  2: [0, 1],
  3: [0, 1, -1],
  4: [0, -1, 0.5, 2],
};

/** The most finite points with which a tile rounds like a direct convolution. */
const MAX_EXACT_POINTS = 3;

/** Coefficients of the product of (x - root), lowest power first. */
function polynomial(roots: readonly number[]): number[] {
  let coefficients = [1];
  for (const root of roots) {
    const next = new Array<number>(coefficients.length + 1).fill(0);
    for (const [power, c] of coefficients.entries()) {
      next[power + 1] = at(next, power + 1) + c;
      next[power] = at(next, power) - root * c;
    }
    coefficients = next;
  }
  return coefficients;
}

const rows = (count: number, row: (index: number) => number[]): number[][] =>
  Array.from({ length: count }, (_, index) => row(index));

const identity = (size: number): number[][] =>
  rows(size, (i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));

/** Whether F(m, r) is there: at all, or rounding no worse than a direct convolution. */
export const isFiltered = (m: number, r: number, rounding: Rounding): boolean =>
  m === 1 || (m + r - 2 in POINTS && (rounding === 'coarse' || m + r - 2 <= MAX_EXACT_POINTS));

function minimalFilter(m: number, r: number): MinimalFilter {
  if (m === 1)
    return { output: [new Array<number>(r).fill(1)], filter: identity(r), input: identity(r) };
  const points = m + r - 1;
  const finite = POINTS[points - 1];
  if (finite === undefined) throw new RangeError(`No points for F(${m}, ${r})`);
  const others = (i: number) => finite.filter((_, k) => k !== i);
  const padded = (c: number[]) => [...c, ...new Array<number>(points - c.length).fill(0)];
  const power = (i: number, exponent: number) => at(finite, i) ** exponent;
  return {
    output: rows(m, (row) =>
      rows(points, (i) => [i < points - 1 ? power(i, row) : Number(row === m - 1)]).flat(),
    ),
    filter: rows(points, (i) => {
      if (i === points - 1) return rows(r, (j) => [Number(j === r - 1)]).flat();
      const scale = others(i).reduce((product, p) => product * (at(finite, i) - p), 1);
      return rows(r, (j) => [power(i, j) / scale]).flat();
    }),
    input: rows(points, (i) => padded(polynomial(i < points - 1 ? others(i) : finite))),
  };
}

/** One axis of a convolution. */
export interface Axis {
  readonly size: number;
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
}

/**
 * The transforms of one axis. A stride s is split into s phases of ceil(kernel / s) taps each, so that
 * every phase is a plain correlation; padding and phases are part of the input matrix.
 */
export interface AxisTransform {
  readonly points: number;
  readonly phases: number;
  readonly tiles: number;
  /** [points * phases * tiles, size] */
  readonly input: Matrix;
  /** [points * phases, kernel] */
  readonly filter: Matrix;
  /** [out, points * tiles] */
  readonly output: Matrix;
}

export const tapsOf = (axis: Axis): number => Math.ceil(axis.kernel / axis.stride);

export function axisTransform(axis: Axis, m: number): AxisTransform {
  const { size, out, kernel, stride: phases, pad } = axis;
  const taps = tapsOf(axis);
  const minimal = minimalFilter(m, taps);
  const points = m + taps - 1;
  const tiles = Math.ceil(out / m);
  const coefficient = (matrix: Matrix, row: number, column: number) =>
    matrix[row]?.[column] as number;
  const input = rows(points * phases * tiles, () => new Array<number>(size).fill(0));
  for (const [index, row] of input.entries()) {
    const tile = index % tiles;
    const phase = Math.floor(index / tiles) % phases;
    const point = Math.floor(index / (tiles * phases));
    for (let j = 0; j < points; j++) {
      const position = phases * (m * tile + j) + phase - pad;
      const inside = position >= 0 && position < size;
      if (inside) row[position] = at(row, position) + coefficient(minimal.input, point, j);
    }
  }
  const filter = rows(points * phases, (index) => {
    const row = new Array<number>(kernel).fill(0);
    for (let tap = 0; tap < taps; tap++) {
      const position = phases * tap + (index % phases);
      if (position < kernel)
        row[position] = coefficient(minimal.filter, Math.floor(index / phases), tap);
    }
    return row;
  });
  const output = rows(out, (position) => {
    const row = new Array<number>(points * tiles).fill(0);
    const tile = Math.floor(position / m);
    for (let point = 0; point < points; point++) {
      row[point * tiles + tile] = coefficient(minimal.output, position % m, point);
    }
    return row;
  });
  return { points, phases, tiles, input, filter, output };
}

/** The Kronecker product: both axes at once. */
export const kronecker = (p: Matrix, q: Matrix): Matrix =>
  p.flatMap((left) => q.map((right) => left.flatMap((x) => right.map((y) => x * y))));

export const transposed = (matrix: Matrix): Matrix =>
  (matrix[0] ?? []).map((_, column) => matrix.map((row) => at(row, column)));

export function matrixConstant(b: Builder, matrix: Matrix): Value {
  const shape = [matrix.length, matrix[0]?.length ?? 0];
  return b.constant(Float32Array.from(matrix.flat()), { shape, dtype: 'float32' });
}
