import type { Builder, Value } from '../../graph.ts';
import { matmul, reshape, transpose } from '../../ops.ts';
import { type ConvolutionMethod, type Geometry, toChwn, toNhwc } from './geometry.ts';
import {
  type Axis,
  type AxisTransform,
  axisTransform,
  kronecker,
  type Matrix,
  matrixConstant,
  transposed,
} from './winograd-matrices.ts';

/**
 * Convolution by minimal filtering in both axes. Per point of the transformed domain it is one matrix
 * product over channels, M[K, tiles N] = U[K, phases C] V[phases C, tiles N]; the transforms are small
 * constant matrices applied along one axis. A DCGAN layer (4x4, stride 2) takes (m + 1)^2 / (4 m^2) of the
 * products of the direct form: 9/16 with m = 2, 25/64 with m = 4. The gradients are the exact adjoints,
 * and share U, V and the transformed output gradient with each other and the forward pass.
 */
export const axesOf = (g: Geometry): readonly [Axis, Axis] => {
  const axis = (i: 0 | 1): Axis => ({
    size: g.inSize[i],
    out: g.outSize[i],
    kernel: g.kernel[i],
    stride: g.strides[i],
    pad: g.pads[i],
  });
  return [axis(0), axis(1)];
};

/** Applies matrices along both pixel axes of x[A, H, W, N]; the W axis first, where its products are fewer. */
export function alongBoth(b: Builder, x: Value, vertical: Matrix, horizontal: Matrix): Value {
  const [a, h, w, n] = x.shape as [number, number, number, number];
  const [rows, columns] = [vertical.length, horizontal.length];
  const growing = rows * columns >= h * w;
  // Small products are fewer when the growing axis comes second and the shrinking one first.
  if (growing) {
    const wide = matmul(b, matrixConstant(b, horizontal), reshape(b, x, [a * h, w, n]));
    const both = matmul(b, matrixConstant(b, vertical), reshape(b, wide, [a, h, columns * n]));
    return reshape(b, both, [a, rows, columns, n]);
  }
  const low = matmul(b, matrixConstant(b, vertical), reshape(b, x, [a, h, w * n]));
  const both = matmul(b, matrixConstant(b, horizontal), reshape(b, low, [a * rows, w, n]));
  return reshape(b, both, [a, rows, columns, n]);
}

interface Plan {
  readonly y: AxisTransform;
  readonly x: AxisTransform;
  /** Products per channel pair and tile. */
  readonly points: number;
  readonly phases: number;
  readonly columns: number;
}

function planOf(g: Geometry, m: number): Plan {
  const [vertical, horizontal] = axesOf(g);
  const [y, x] = [axisTransform(vertical, m), axisTransform(horizontal, m)];
  return {
    y,
    x,
    points: y.points * x.points,
    phases: y.phases * x.phases,
    columns: y.tiles * x.tiles * g.images,
  };
}

/** [C, py sy ty, px sx tx, N] -> [py px, sy sx C, ty tx N] */
const GROUP = [1, 4, 2, 5, 0, 3, 6, 7];
const UNGROUP = [4, 0, 2, 5, 1, 3, 6, 7];

function transformInput(b: Builder, g: Geometry, { y, x, ...p }: Plan, image: Value): Value {
  const c = g.inChannels;
  const spread = alongBoth(b, toChwn(b, image), y.input, x.input);
  const parts = [c, y.points, y.phases, y.tiles, x.points, x.phases, x.tiles, g.images];
  const grouped = transpose(b, reshape(b, spread, parts), GROUP);
  return reshape(b, grouped, [p.points, p.phases * c, p.columns]);
}

function untransformInput(b: Builder, g: Geometry, { y, x }: Plan, gradient: Value): Value {
  const c = g.inChannels;
  const parts = [y.points, x.points, y.phases, x.phases, c, y.tiles, x.tiles, g.images];
  const ungrouped = transpose(b, reshape(b, gradient, parts), UNGROUP);
  const spread = [c, y.points * y.phases * y.tiles, x.points * x.phases * x.tiles, g.images];
  const image = alongBoth(
    b,
    reshape(b, ungrouped, spread),
    transposed(y.input),
    transposed(x.input),
  );
  return toNhwc(b, image);
}

/** HWIO -> [py px, K, sy sx C] */
function transformFilter(b: Builder, g: Geometry, { y, x, ...p }: Plan, filter: Value): Value {
  const [k, c] = [g.outChannels, g.inChannels];
  const [kh, kw] = g.kernel;
  const rows = reshape(b, transpose(b, filter, [0, 1, 3, 2]), [kh * kw, k * c]);
  const all = matmul(b, matrixConstant(b, kronecker(y.filter, x.filter)), rows);
  const parts = reshape(b, all, [y.points, y.phases, x.points, x.phases, k, c]);
  const grouped = transpose(b, parts, [0, 2, 4, 1, 3, 5]);
  return reshape(b, grouped, [p.points, k, p.phases * c]);
}

function untransformFilter(b: Builder, g: Geometry, { y, x }: Plan, gradient: Value): Value {
  const [k, c] = [g.outChannels, g.inChannels];
  const [kh, kw] = g.kernel;
  const parts = reshape(b, gradient, [y.points, x.points, k, y.phases, x.phases, c]);
  const ungrouped = transpose(b, parts, [0, 3, 1, 4, 2, 5]);
  const rows = reshape(b, ungrouped, [y.points * y.phases * x.points * x.phases, k * c]);
  const taps = matmul(b, matrixConstant(b, transposed(kronecker(y.filter, x.filter))), rows);
  return transpose(b, reshape(b, taps, [kh, kw, k, c]), [0, 1, 3, 2]);
}

/** [py px, K, ty tx N] -> NHWC */
function transformOutput(b: Builder, g: Geometry, { y, x }: Plan, products: Value): Value {
  const k = g.outChannels;
  const parts = reshape(b, products, [y.points, x.points, k, y.tiles, x.tiles, g.images]);
  const ungrouped = transpose(b, parts, [2, 0, 3, 1, 4, 5]);
  const spread = reshape(b, ungrouped, [k, y.points * y.tiles, x.points * x.tiles, g.images]);
  return toNhwc(b, alongBoth(b, spread, y.output, x.output));
}

function untransformOutput(b: Builder, g: Geometry, { y, x, ...p }: Plan, dy: Value): Value {
  const k = g.outChannels;
  const spread = alongBoth(b, toChwn(b, dy), transposed(y.output), transposed(x.output));
  const parts = reshape(b, spread, [k, y.points, y.tiles, x.points, x.tiles, g.images]);
  const grouped = transpose(b, parts, [1, 3, 0, 2, 4, 5]);
  return reshape(b, grouped, [p.points, k, p.columns]);
}

/** Winograd convolution with m outputs per tile and axis. */
export function winograd(m: number): ConvolutionMethod {
  return {
    forward(b, g, x, filter) {
      const plan = planOf(g, m);
      const u = transformFilter(b, g, plan, filter);
      const v = transformInput(b, g, plan, x);
      return transformOutput(b, g, plan, matmul(b, u, v));
    },
    inputGradient(b, g, dy, filter) {
      const plan = planOf(g, m);
      const u = transformFilter(b, g, plan, filter);
      const dm = untransformOutput(b, g, plan, dy);
      return untransformInput(b, g, plan, matmul(b, u, dm, true, false));
    },
    filterGradient(b, g, x, dy) {
      const plan = planOf(g, m);
      const v = transformInput(b, g, plan, x);
      const dm = untransformOutput(b, g, plan, dy);
      return untransformFilter(b, g, plan, matmul(b, dm, v, false, true));
    },
  };
}

/**
 * What a layer costs with m outputs per tile, in arbitrary units (nanoseconds on one core of a 2025
 * server): products at 180 GFLOPS, transformed elements at what was measured for onnxruntime's transposes
 * and small products.
 */
export function winogradCost(g: Geometry, m: number): number {
  const { points, phases, columns } = planOf(g, m);
  const [k, c] = [g.outChannels, phases * g.inChannels];
  const products = (2 * points * k * c * columns) / 180;
  const images = 2.2 * points * (c + k) * columns;
  const filters = 1.2 * points * k * c;
  return products + images + filters;
}
