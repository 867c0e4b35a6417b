import type { Builder, Value } from '../../graph.ts';
import { at } from '../../host-tensor.ts';
import { concat, gather, matmul, pad, reduce, reshape, slice, transpose } from '../../ops.ts';
import type { ConvolutionMethod, Geometry } from './geometry.ts';

const NHWC_TO_NCHW = [0, 3, 1, 2];
const NCHW_TO_NHWC = [0, 2, 3, 1];
const HWIO_TO_OIHW = [3, 2, 0, 1];
const HWIO_TO_IOHW = [2, 3, 0, 1];

/**
 * Rows and columns that the forward convolution did not reach with its last window; they get no
 * gradient. Negative where padding at the end was used only in part.
 */
const unreached = (g: Geometry): number[] =>
  [0, 1].map((i) => {
    const axis = i as 0 | 1;
    const span = (g.outSize[axis] - 1) * g.strides[axis];
    const window = (g.kernel[axis] - 1) * g.dilations[axis] + 1;
    return g.inSize[axis] - (span + window - g.pads[axis] - g.pads[axis === 0 ? 2 : 3]);
  });

/** What tap (i, j) sees in a padded image [N, C, H, W], as [N, C, h w]. */
function tapOf(b: Builder, g: Geometry, image: Value, i: number, j: number): Value {
  const starts = [0, 0, i * g.dilations[0], j * g.dilations[1]];
  const ends = [
    g.images,
    g.inChannels,
    at(starts, 2) + (g.outSize[0] - 1) * g.strides[0] + 1,
    at(starts, 3) + (g.outSize[1] - 1) * g.strides[1] + 1,
  ];
  const seen = slice(b, image, starts, ends, [1, 1, ...g.strides]);
  return reshape(b, seen, [g.images, g.inChannels, g.outSize[0] * g.outSize[1]]);
}

const reachOf = (g: Geometry): readonly [number, number] => [
  (g.kernel[0] - 1) * g.dilations[0],
  (g.kernel[1] - 1) * g.dilations[1],
];

/** Stride 1, and no more padding than the window reaches: a convolution cannot pad by less than nothing. */
const isTurnable = (g: Geometry): boolean =>
  g.strides.every((stride) => stride === 1) &&
  g.pads.every((pad, side) => pad <= (reachOf(g)[side % 2] as number));

/**
 * The input's gradient where the stride is 1: a convolution with the filter turned around, which onnxruntime
 * computes one and a half times as fast as ConvTranspose.
 */
function correlated(b: Builder, g: Geometry, dy: Value, filter: Value): Value {
  const around = [0, 1].reduce((weights, axis) => {
    const size = g.kernel[axis as 0 | 1];
    const indices = BigInt64Array.from({ length: size }, (_, i) => BigInt(size - 1 - i));
    return gather(b, weights, b.constant(indices, { shape: [size], dtype: 'int64' }), axis);
  }, filter);
  const weights = transpose(b, around, HWIO_TO_IOHW);
  const [top, left, bottom, right] = g.pads;
  const [y, x] = reachOf(g);
  const attributes = {
    strides: [1, 1],
    dilations: g.dilations,
    pads: [y - top, x - left, y - bottom, x - right],
  };
  const spec = { shape: [g.images, g.inChannels, ...g.inSize], dtype: 'float32' as const };
  const gradient = transpose(b, dy, NHWC_TO_NCHW);
  return transpose(b, b.op('Conv', [gradient, weights], spec, attributes), NCHW_TO_NHWC);
}

/** ONNX's Conv and ConvTranspose in NCHW; the filter's gradient as a matrix product per tap. */
export const onnxConvolution: ConvolutionMethod = {
  forward(b, g, x, filter) {
    const { strides, dilations, pads } = g;
    const image = transpose(b, x, NHWC_TO_NCHW);
    const weights = transpose(b, filter, HWIO_TO_OIHW);
    const shape = [g.images, g.outChannels, ...g.outSize];
    const attributes = { strides, dilations, pads };
    const y = b.op('Conv', [image, weights], { shape, dtype: 'float32' }, attributes);
    return transpose(b, y, NCHW_TO_NHWC);
  },
  inputGradient(b, g, dy, filter) {
    if (isTurnable(g)) return correlated(b, g, dy, filter);
    const { strides, dilations, pads } = g;
    const gradient = transpose(b, dy, NHWC_TO_NCHW);
    const weights = transpose(b, filter, HWIO_TO_OIHW);
    const attributes = { strides, dilations, pads, output_padding: unreached(g) };
    const spec = { shape: [g.images, g.inChannels, ...g.inSize], dtype: 'float32' as const };
    return transpose(b, b.op('ConvTranspose', [gradient, weights], spec, attributes), NCHW_TO_NHWC);
  },
  filterGradient(b, g, x, dy) {
    const [top, left, bottom, right] = g.pads;
    const image = pad(b, transpose(b, x, NHWC_TO_NCHW), [0, 0, top, left], [0, 0, bottom, right]);
    const rows = [g.images, g.outChannels, g.outSize[0] * g.outSize[1]];
    const gradient = reshape(b, transpose(b, dy, NHWC_TO_NCHW), rows);
    const taps: Value[] = [];
    for (let i = 0; i < g.kernel[0]; i++) {
      for (let j = 0; j < g.kernel[1]; j++) {
        const each = matmul(b, tapOf(b, g, image, i, j), gradient, false, true); // [N, C, K]
        taps.push(reduce(b, 'ReduceSum', each, [0], true));
      }
    }
    return reshape(b, concat(b, taps, 0), [...g.kernel, g.inChannels, g.outChannels]);
  },
};
