import * as tf from '@tensorflow/tfjs-core';
import type { Builder, Value } from '../graph.ts';
import { binary, cast, pad, reshape, slice, transpose, where } from '../ops.ts';
import { type Kernel, type KernelAttributes, type KernelTable, need } from './kernel.ts';

const TO_NCHW = [0, 3, 1, 2];
const TO_NHWC = [0, 2, 3, 1];
const LOWEST = -3.4028234663852886e38;

type Shape4 = [number, number, number, number];

interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number];
  readonly out: readonly [number, number];
}

function windowOf(x: Value, a: KernelAttributes): Window {
  const shape = [...x.shape] as Shape4;
  const info = tf.backend_util.computePool2DInfo(
    shape,
    a.filterSize,
    a.strides,
    1,
    a.pad,
    a.dimRoundingMode,
  );
  const { top, left, bottom, right } = info.padInfo;
  return {
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    pads: [top, left, bottom, right],
    out: [info.outHeight, info.outWidth],
  };
}

const pooling =
  (op: string, extra: Record<string, number> = {}): Kernel =>
  ({ b, inputs, attributes }) => {
    const x = need(inputs, 'x');
    const { kernel, strides, pads, out } = windowOf(x, attributes);
    const [n, , , c] = x.shape as Shape4;
    const flags = { kernel_shape: kernel, strides, pads, ...extra };
    const spec = { shape: [n, c, ...out], dtype: x.dtype };
    return transpose(b, b.op(op, [transpose(b, x, TO_NCHW)], spec, flags), TO_NHWC);
  };

const padded = (
  b: Builder,
  x: Value,
  { pads: [top, left, bottom, right] }: Window,
  value: number,
) => pad(b, x, [0, top, left, 0], [0, bottom, right, 0], value);

/** What tap (i, j) of every window sees, [N, h, w, C]. */
function tapOf(b: Builder, x: Value, { strides, out }: Window, i: number, j: number): Value {
  const [n, , , c] = x.shape as Shape4;
  const ends = [n, i + (out[0] - 1) * strides[0] + 1, j + (out[1] - 1) * strides[1] + 1, c];
  return slice(b, x, [0, i, j, 0], ends, [1, ...strides, 1]);
}

/** The adjoint of tapOf: puts [N, h, w, C] back to where the tap looked, in a padded image of H x W. */
function untap(
  b: Builder,
  dy: Value,
  { strides }: Window,
  i: number,
  j: number,
  size: readonly number[],
) {
  const [n, h, w, c] = dy.shape as Shape4;
  const [sy, sx] = strides;
  const holes = pad(
    b,
    reshape(b, dy, [n, h, 1, w, 1, c]),
    [0, 0, 0, 0, 0, 0],
    [0, 0, sy - 1, 0, sx - 1, 0],
  );
  const [height, width] = size as [number, number];
  const spread = reshape(b, holes, [n, h * sy, w * sx, c]);
  // The last window's holes may lie outside.
  const [keptH, keptW] = [Math.min(h * sy, height - i), Math.min(w * sx, width - j)];
  const kept = slice(b, spread, [0, 0, 0, 0], [n, keptH, keptW, c]);
  return pad(b, kept, [0, i, j, 0], [0, height - i - keptH, width - j - keptW, 0]);
}

/** Sum over taps of what `share` gives each, back on the image. */
function scatter(
  b: Builder,
  x: Value,
  window: Window,
  share: (i: number, j: number) => Value,
): Value {
  const [n, height, width, c] = x.shape as Shape4;
  const [top, left, bottom, right] = window.pads;
  const size = [height + top + bottom, width + left + right];
  let sum: Value | undefined;
  for (let i = 0; i < window.kernel[0]; i++) {
    for (let j = 0; j < window.kernel[1]; j++) {
      const part = untap(b, share(i, j), window, i, j, size);
      sum = sum === undefined ? part : binary(b, 'Add', sum, part);
    }
  }
  return slice(b, sum as Value, [0, top, left, 0], [n, top + height, left + width, c]);
}

/** The first tap that reaches the maximum gets the gradient, as in PyTorch and TensorFlow. */
const maxPoolGradient: Kernel = ({ b, inputs, attributes }) => {
  const [dy, x, y] = ['dy', 'input', 'output'].map((name) => need(inputs, name)) as [
    Value,
    Value,
    Value,
  ];
  const window = windowOf(x, attributes);
  const image = padded(b, x, window, LOWEST);
  const zero = b.splat(0, { shape: [], dtype: 'float32' });
  const spec = { shape: y.shape, dtype: 'bool' as const };
  let open = b.splat(1, spec);
  return scatter(b, x, window, (i, j) => {
    const hit = binary(b, 'And', binary(b, 'Equal', tapOf(b, image, window, i, j), y), open);
    open = binary(b, 'And', open, b.op('Not', [hit], spec));
    return where(b, hit, dy, zero);
  });
};

/** Every pixel of a window gets an equal share; padding does not count. */
const avgPoolGradient: Kernel = ({ b, inputs, attributes }) => {
  const [dy, x] = [need(inputs, 'dy'), need(inputs, 'input')];
  const window = windowOf(x, attributes);
  const [, height, width] = x.shape as Shape4;
  const counts = new Float32Array(window.out[0] * window.out[1]);
  const reach = (axis: 0 | 1, size: number, position: number) => {
    const start = position * window.strides[axis] - window.pads[axis];
    return Math.min(start + window.kernel[axis], size) - Math.max(start, 0);
  };
  for (const index of counts.keys()) {
    const [row, column] = [Math.floor(index / window.out[1]), index % window.out[1]];
    counts[index] = reach(0, height, row) * reach(1, width, column);
  }
  const divisor = b.constant(counts, { shape: [1, ...window.out, 1], dtype: 'float32' });
  const each = binary(b, 'Div', cast(b, dy, 'float32'), divisor);
  return scatter(b, x, window, () => each);
};

export const poolingKernels: KernelTable = {
  MaxPool: pooling('MaxPool'),
  AvgPool: pooling('AveragePool', { count_include_pad: 0 }),
  MaxPoolGrad: maxPoolGradient,
  AvgPoolGrad: avgPoolGradient,
};
