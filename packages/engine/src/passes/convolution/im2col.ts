import type { Builder, Value } from '../../graph.ts';
import { matmul, reshape, transpose } from '../../ops.ts';
import { type ConvolutionMethod, type Geometry, toChwn, toNhwc } from './geometry.ts';
import { alongBoth, axesOf } from './winograd.ts';
import { type AxisTransform, axisTransform, transposed } from './winograd-matrices.ts';

/**
 * Convolution as one matrix product over columns [kh kw C, h w N]: for layers with so few channels that
 * transforms do not pay. Columns and their adjoint are selection matrices applied along each axis (minimal
 * filtering with one output per tile).
 */
const transforms = (g: Geometry): readonly [AxisTransform, AxisTransform] => {
  const [vertical, horizontal] = axesOf(g);
  return [axisTransform(vertical, 1), axisTransform(horizontal, 1)];
};

/** Taps per axis with the phases: the kernel, rounded up to a multiple of the stride. */
const tapsWithPhases = (t: AxisTransform): number => t.points * t.phases;

function columnsOf(b: Builder, g: Geometry, image: Value): Value {
  const [y, x] = transforms(g);
  const spread = alongBoth(b, toChwn(b, image), y.input, x.input);
  const taps = [tapsWithPhases(y), tapsWithPhases(x)] as const;
  const parts = [g.inChannels, taps[0], y.tiles, taps[1], x.tiles, g.images];
  const grouped = transpose(b, reshape(b, spread, parts), [1, 3, 0, 2, 4, 5]);
  return reshape(b, grouped, [taps[0] * taps[1] * g.inChannels, y.tiles * x.tiles * g.images]);
}

function imageOf(b: Builder, g: Geometry, columns: Value): Value {
  const [y, x] = transforms(g);
  const taps = [tapsWithPhases(y), tapsWithPhases(x)] as const;
  const parts = [taps[0], taps[1], g.inChannels, y.tiles, x.tiles, g.images];
  const ungrouped = transpose(b, reshape(b, columns, parts), [2, 0, 3, 1, 4, 5]);
  const spread = [g.inChannels, taps[0] * y.tiles, taps[1] * x.tiles, g.images];
  return toNhwc(
    b,
    alongBoth(b, reshape(b, ungrouped, spread), transposed(y.input), transposed(x.input)),
  );
}

const rowsOf = (g: Geometry): number => g.kernel[0] * g.kernel[1] * g.inChannels;

/** dy as [K, h w N] */
const outputRows = (b: Builder, g: Geometry, dy: Value): Value =>
  reshape(b, toChwn(b, dy), [g.outChannels, g.outSize[0] * g.outSize[1] * g.images]);

/** Needs kernels that are multiples of the stride, so that every phase has the same taps. */
export const im2col: ConvolutionMethod = {
  forward(b, g, x, filter) {
    const weights = reshape(b, filter, [rowsOf(g), g.outChannels]);
    const y = matmul(b, weights, columnsOf(b, g, x), true, false);
    return toNhwc(b, reshape(b, y, [g.outChannels, ...g.outSize, g.images]));
  },
  inputGradient(b, g, dy, filter) {
    const weights = reshape(b, filter, [rowsOf(g), g.outChannels]);
    return imageOf(b, g, matmul(b, weights, outputRows(b, g, dy)));
  },
  filterGradient(b, g, x, dy) {
    const gradient = matmul(b, columnsOf(b, g, x), outputRows(b, g, dy), false, true);
    return reshape(b, gradient, [...g.kernel, g.inChannels, g.outChannels]);
  },
};
