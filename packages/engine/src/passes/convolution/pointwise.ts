import type { Builder, Value } from '../../graph.ts';
import { at } from '../../host-tensor.ts';
import { matmul, reduce, reshape, transpose } from '../../ops.ts';
import { type ConvolutionMethod, type Geometry, toChwn, toNhwc } from './geometry.ts';

const NHWC_TO_NCHW = [0, 3, 1, 2];
const NCHW_TO_NHWC = [0, 2, 3, 1];

const pixels = (g: Geometry): number => g.inSize[0] * g.inSize[1];
const weightsOf = (b: Builder, g: Geometry, filter: Value): Value =>
  reshape(b, filter, [g.inChannels, g.outChannels]);

export const isPointwise = (g: Geometry): boolean =>
  [...g.kernel, ...g.strides].every((n) => n === 1) && g.pads.every((pad) => pad === 0);

/** NHWC -> [channels, H W N] */
const channelRows = (b: Builder, g: Geometry, image: Value): Value =>
  reshape(b, toChwn(b, image), [at(image.shape, 3), pixels(g) * g.images]);

const fromChannelRows = (b: Builder, g: Geometry, rows: Value): Value =>
  toNhwc(b, reshape(b, rows, [at(rows.shape, 0), ...g.inSize, g.images]));

/** A 1x1 convolution as one product over channels, batch innermost: y[K, H W N] = W'[K, C] x[C, H W N]. */
export const pointwise: ConvolutionMethod = {
  forward: (b, g, x, filter) =>
    fromChannelRows(b, g, matmul(b, weightsOf(b, g, filter), channelRows(b, g, x), true)),
  inputGradient: (b, g, dy, filter) =>
    fromChannelRows(b, g, matmul(b, weightsOf(b, g, filter), channelRows(b, g, dy))),
  filterGradient(b, g, x, dy) {
    const gradient = matmul(b, channelRows(b, g, x), channelRows(b, g, dy), false, true);
    return reshape(b, gradient, [1, 1, g.inChannels, g.outChannels]);
  },
};

/** NHWC -> [N, channels, H W] */
const imageRows = (b: Builder, g: Geometry, image: Value): Value =>
  reshape(b, transpose(b, image, NHWC_TO_NCHW), [g.images, at(image.shape, 3), pixels(g)]);

const fromImageRows = (b: Builder, g: Geometry, rows: Value): Value =>
  transpose(b, reshape(b, rows, [g.images, at(rows.shape, 1), ...g.inSize]), NCHW_TO_NHWC);

/** The same image by image, for few images in the layout of ONNX's convolutions beside it. */
export const pointwiseByImage: ConvolutionMethod = {
  forward: (b, g, x, filter) =>
    fromImageRows(b, g, matmul(b, weightsOf(b, g, filter), imageRows(b, g, x), true)),
  inputGradient: (b, g, dy, filter) =>
    fromImageRows(b, g, matmul(b, weightsOf(b, g, filter), imageRows(b, g, dy))),
  filterGradient(b, g, x, dy) {
    const each = matmul(b, imageRows(b, g, x), imageRows(b, g, dy), false, true);
    return reshape(b, reduce(b, 'ReduceSum', each, [0]), [1, 1, g.inChannels, g.outChannels]);
  },
};
