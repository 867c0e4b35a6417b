import { matmul, reshape, transpose } from '../../ops.ts';
import { type ConvolutionMethod, type Geometry, toChwn, toNhwc } from './geometry.ts';

/** HWIO -> IHWO */
const CHANNELS_FIRST = [2, 0, 1, 3];
const CHANNELS_BACK = [1, 2, 0, 3];

const rowsOf = (g: Geometry): number => g.inChannels * g.inSize[0] * g.inSize[1];

/** One window over the whole image: a fully connected layer, y[K, N] = W'[K, C H W] x[C H W, N]. */
export const fullWindow: ConvolutionMethod = {
  forward(b, g, x, filter) {
    const weights = reshape(b, transpose(b, filter, CHANNELS_FIRST), [rowsOf(g), g.outChannels]);
    const rows = reshape(b, toChwn(b, x), [rowsOf(g), g.images]);
    const y = matmul(b, weights, rows, true, false);
    return toNhwc(b, reshape(b, y, [g.outChannels, 1, 1, g.images]));
  },
  inputGradient(b, g, dy, filter) {
    const weights = reshape(b, transpose(b, filter, CHANNELS_FIRST), [rowsOf(g), g.outChannels]);
    const rows = reshape(b, toChwn(b, dy), [g.outChannels, g.images]);
    const dx = matmul(b, weights, rows);
    return toNhwc(b, reshape(b, dx, [g.inChannels, ...g.inSize, g.images]));
  },
  filterGradient(b, g, x, dy) {
    const rows = reshape(b, toChwn(b, x), [rowsOf(g), g.images]);
    const right = reshape(b, toChwn(b, dy), [g.outChannels, g.images]);
    const gradient = reshape(b, matmul(b, rows, right, false, true), [
      g.inChannels,
      ...g.inSize,
      g.outChannels,
    ]);
    return transpose(b, gradient, CHANNELS_BACK);
  },
};

export const isFullWindow = (g: Geometry): boolean =>
  g.outSize[0] * g.outSize[1] === 1 &&
  g.kernel[0] === g.inSize[0] &&
  g.kernel[1] === g.inSize[1] &&
  g.pads.every((pad) => pad === 0);
