import type { Builder } from '../../builder.ts';
import type { Value } from '../../graph.ts';
import { concat, matmul, pad, reshape, slice, transpose } from '../../ops.ts';
import type { ConvolutionMethod, Geometry } from './geometry.ts';

const NHWC_TO_NCHW = [0, 3, 1, 2];
const NCHW_TO_NHWC = [0, 2, 3, 1];
const HWIO_TO_OIHW = [3, 2, 0, 1];

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

/** Shifted and strided copies of the padded image, [N h w, kh kw C] */
function columnsOf(b: Builder, g: Geometry, x: Value): Value {
  const [top, left, bottom, right] = g.pads;
  const padded = pad(b, x, [0, top, left, 0], [0, bottom, right, 0]);
  const taps: Value[] = [];
  for (let i = 0; i < g.kernel[0]; i++) {
    for (let j = 0; j < g.kernel[1]; j++) {
      const [y0, x0] = [i * g.dilations[0], j * g.dilations[1]];
      const [y1, x1] = [
        y0 + (g.outSize[0] - 1) * g.strides[0],
        x0 + (g.outSize[1] - 1) * g.strides[1],
      ];
      const ends = [g.images, y1 + 1, x1 + 1, g.inChannels];
      taps.push(slice(b, padded, [0, y0, x0, 0], ends, [1, ...g.strides, 1]));
    }
  }
  const rows = g.images * g.outSize[0] * g.outSize[1];
  return reshape(b, concat(b, taps, 3), [rows, g.kernel[0] * g.kernel[1] * g.inChannels]);
}

/** ONNX's Conv and ConvTranspose in NCHW; the filter's gradient as one matrix product over columns. */
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
    const { strides, dilations, pads } = g;
    const gradient = transpose(b, dy, NHWC_TO_NCHW);
    const weights = transpose(b, filter, HWIO_TO_OIHW);
    const attributes = { strides, dilations, pads, output_padding: unreached(g) };
    const spec = { shape: [g.images, g.inChannels, ...g.inSize], dtype: 'float32' as const };
    return transpose(b, b.op('ConvTranspose', [gradient, weights], spec, attributes), NCHW_TO_NHWC);
  },
  filterGradient(b, g, x, dy) {
    const rows = reshape(b, dy, [g.images * g.outSize[0] * g.outSize[1], g.outChannels]);
    const product = matmul(b, columnsOf(b, g, x), rows, true, false);
    return reshape(b, product, [...g.kernel, g.inChannels, g.outChannels]);
  },
};
