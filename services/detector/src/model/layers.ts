/**
 * The two building stones: convolutions with batch normalisation (Ioffe and Szegedy, 2015) or with a bias.
 *
 * Shape shorthand: N images, H x W pixels, C channels in, D channels out; images NHWC, filters HWIO.
 */
import {
  batchNormalization,
  type HostTensor,
  type NormalisedBatch,
  type Random,
  tf,
} from '@deepstyle/engine';

/** A convolution whose output is normalised by the batch's own statistics: training. */
export interface NormalisedLayer {
  /** [kh, kw, C, D] */
  readonly weight: tf.Tensor;
  /** [D] */
  readonly scale: tf.Tensor;
  /** [D] */
  readonly offset: tf.Tensor;
}

/** A convolution with a bias: layers without normalisation, and normalised ones at rest. */
export interface BiasedLayer {
  readonly weight: tf.Tensor;
  /** [D] */
  readonly bias: tf.Tensor;
}

export type Layer = NormalisedLayer | BiasedLayer;

const NORM_EPSILON = 1e-5;

/** Mean and biased variance that normalised layers have seen, by layer, each [D]. */
export type SeenStatistics = Record<string, { mean: tf.Tensor; variance: tf.Tensor }>;

function note(seen: SeenStatistics, name: string, batch: NormalisedBatch<tf.Tensor4D>): void {
  seen[name] = { mean: batch.mean, variance: batch.variance };
}

/** Padding that keeps the size at stride 1 and halves it at stride 2, as frameworks with symmetric padding have it. */
function padded(weight: tf.Tensor): tf.backend_util.ExplicitPadding {
  const side = Math.floor(((weight.shape[0] as number) - 1) / 2);
  return [
    [0, 0],
    [side, side],
    [side, side],
    [0, 0],
  ];
}

/** [N, H, W, C] -> [N, H / stride, W / stride, D]; a normalised layer leaves its statistics in `seen`. */
export function convolve(
  x: tf.Tensor4D,
  layer: Layer,
  stride: 1 | 2,
  name: string,
  seen: SeenStatistics,
): tf.Tensor4D {
  const filter = layer.weight as tf.Tensor4D;
  const pad = padded(filter);
  const y = tf.conv2d(x, filter, stride, pad, 'NHWC', 1, 'floor');
  if ('bias' in layer) return tf.add(y, layer.bias);
  const batch = batchNormalization(y, layer.scale, layer.offset, NORM_EPSILON);
  note(seen, name, batch);
  return batch.y;
}

/** [M, C] -> [M, D] */
export function dense(x: tf.Tensor2D, layer: BiasedLayer): tf.Tensor2D {
  return tf.add(tf.matMul(x, layer.weight as tf.Tensor2D), layer.bias);
}

export const hostZeros = (shape: readonly number[], value = 0): HostTensor => ({
  shape,
  dtype: 'float32',
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
});

function gaussian(random: Random, shape: readonly number[], deviation: number): HostTensor {
  const data = random.normal(shape.reduce((product, size) => product * size, 1));
  for (const [i, value] of data.entries()) data[i] = value * deviation;
  return { shape, dtype: 'float32', data };
}

type FilterShape = readonly [number, number, number, number];

/** He et al. 2015: deviation sqrt(2 / fan-in), for layers before a ReLU. */
export function initialNormalised(random: Random, shape: FilterShape) {
  const fanIn = shape[0] * shape[1] * shape[2];
  return {
    weight: gaussian(random, shape, Math.sqrt(2 / fanIn)),
    scale: hostZeros([shape[3]], 1),
    offset: hostZeros([shape[3]]),
  };
}

/** A filter or matrix, its deviation `gain / sqrt(fan-in)` or given, with a bias of zeros. */
export function initialBiased(
  random: Random,
  shape: readonly number[],
  options: { readonly gain?: number; readonly deviation?: number } = {},
) {
  const outputs = shape.at(-1) as number;
  const fanIn = shape.reduce((product, size) => product * size, 1) / outputs;
  const deviation = options.deviation ?? (options.gain ?? 1) / Math.sqrt(fanIn);
  return { weight: gaussian(random, shape, deviation), bias: hostZeros([outputs]) };
}

/**
 * A normalised layer at rest: its statistics folded into filter and bias.
 * @param mean [D]
 * @param variance [D]
 */
export function foldNormalisation(
  layer: { readonly weight: HostTensor; readonly scale: HostTensor; readonly offset: HostTensor },
  mean: HostTensor,
  variance: HostTensor,
): { readonly weight: HostTensor; readonly bias: HostTensor } {
  const channels = layer.scale.data.length;
  const factor = Float64Array.from({ length: channels }, (_, d) => {
    const root = Math.sqrt((variance.data[d] as number) + NORM_EPSILON);
    return (layer.scale.data[d] as number) / root;
  });
  const weight = Float32Array.from(
    layer.weight.data as Float32Array,
    (value, i) => value * (factor[i % channels] as number),
  );
  const bias = Float32Array.from({ length: channels }, (_, d) => {
    const shift = (mean.data[d] as number) * (factor[d] as number);
    return (layer.offset.data[d] as number) - shift;
  });
  return {
    weight: { ...layer.weight, data: weight },
    bias: { shape: [channels], dtype: 'float32', data: bias },
  };
}
