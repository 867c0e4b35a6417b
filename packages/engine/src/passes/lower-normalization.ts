import { type Rewrite, rewriteGraph } from '../builder.ts';
import type { Builder, Graph, Node, Value } from '../graph.ts';
import { at, elementCount } from '../host-tensor.ts';
import { binary, binaryScalar, matmul, reduce, reshape, unary } from '../ops.ts';

/** Per-channel work on a tensor whose channel axis may be the first (CHWN), second (NCHW) or last. */
interface Channels {
  readonly axis: number;
  /** Elements per channel. */
  readonly count: number;
}

function channelsOf(x: Value, axis: number): Channels {
  return { axis, count: elementCount(x.shape) / at(x.shape, axis) };
}

/** A vector [C] that broadcasts against x. */
const spread = (b: Builder, vector: Value, x: Value, { axis }: Channels): Value =>
  reshape(
    b,
    vector,
    x.shape.map((size, i) => (i === axis ? size : 1)),
  );

const rows = (b: Builder, x: Value): Value => {
  const [c, ...rest] = x.shape as [number, ...number[]];
  return reshape(b, x, [c, 1, elementCount(rest)]);
};

/** Sum of x over everything but the channel, [C]. */
function channelSum(b: Builder, x: Value, { axis }: Channels): Value {
  const axes = x.shape.map((_, i) => i).filter((i) => i !== axis);
  return reduce(b, 'ReduceSum', x, axes);
}

/** Sum of x * y per channel, [C]; of channel rows it is a product of row and column, without a temporary. */
function channelDot(b: Builder, x: Value, y: Value, channels: Channels): Value {
  if (channels.axis !== 0) return channelSum(b, binary(b, 'Mul', x, y), channels);
  const product = matmul(b, rows(b, x), rows(b, y), false, true);
  return reshape(b, product, [at(x.shape, 0)]);
}

/** factor * x + summand per channel, in one pass where onnxruntime has one: its inference batch norm. */
function affine(b: Builder, x: Value, factor: Value, summand: Value, channels: Channels): Value {
  const { axis } = channels;
  const c = at(x.shape, axis);
  if (axis > 1 || x.shape.length === 2) {
    const scaled = binary(b, 'Mul', x, spread(b, factor, x, channels));
    return binary(b, 'Add', scaled, spread(b, summand, x, channels));
  }
  const image = axis === 0 ? reshape(b, x, [1, c, channels.count]) : x;
  const zeros = b.splat(0, { shape: [c], dtype: 'float32' });
  const ones = b.splat(1, { shape: [c], dtype: 'float32' });
  const spec = { shape: image.shape, dtype: x.dtype };
  const inputs = [image, factor, summand, zeros, ones];
  return reshape(b, b.op('BatchNormalization', inputs, spec, { epsilon: 0 }), x.shape);
}

const inverseDeviation = (b: Builder, variance: Value, epsilon: number): Value =>
  unary(b, 'Reciprocal', unary(b, 'Sqrt', binaryScalar(b, 'Add', variance, epsilon)));

/**
 * x - mean per channel. The variance is the mean of its squares and not E[x^2] - mean^2, which loses all digits
 * where the mean is large against the deviation; the backward pass reads it instead of x.
 */
const centered = (b: Builder, x: Value, mean: Value, channels: Channels): Value =>
  binary(b, 'Sub', x, spread(b, mean, x, channels));

function forward(b: Builder, node: Node, [x, scale, offset]: readonly Value[]): Value[] {
  const { axis, epsilon } = node.attributes as { axis: number; epsilon: number };
  const image = x as Value;
  const channels = channelsOf(image, axis);
  const mean = binaryScalar(b, 'Div', channelSum(b, image, channels), channels.count);
  const distance = centered(b, image, mean, channels);
  const squares = channelDot(b, distance, distance, channels);
  const variance = binaryScalar(b, 'Div', squares, channels.count);
  const factor = binary(b, 'Mul', scale as Value, inverseDeviation(b, variance, epsilon));
  return [affine(b, distance, factor, offset as Value, channels), mean, variance];
}

/** dx = factor dy + slope (x - mean) + rest, per channel, with the sums over dy and dy (x - mean). */
function backward(b: Builder, node: Node, inputs: readonly Value[]): Value[] {
  const [dy, x, scale, mean, variance] = inputs as [Value, Value, Value, Value, Value];
  const { axis, epsilon } = node.attributes as { axis: number; epsilon: number };
  const channels = channelsOf(x, axis);
  const perElement = (value: Value) => binaryScalar(b, 'Div', value, -channels.count);
  const inverse = inverseDeviation(b, variance, epsilon);
  const factor = binary(b, 'Mul', scale, inverse);
  const distance = centered(b, x, mean, channels);
  const sum = channelSum(b, dy, channels);
  const dScale = binary(b, 'Mul', channelDot(b, dy, distance, channels), inverse);
  const slope = perElement(binary(b, 'Mul', binary(b, 'Mul', factor, inverse), dScale));
  const rest = perElement(binary(b, 'Mul', factor, sum));
  const fromGradient = affine(b, dy, factor, rest, channels);
  const fromImage = binary(b, 'Mul', distance, spread(b, slope, x, channels));
  return [binary(b, 'Add', fromGradient, fromImage), dScale, sum];
}

const rewrite: Rewrite = (b, node, inputs) => {
  if (node.op === 'BatchNormTraining') return forward(b, node, inputs);
  return node.op === 'BatchNormGradient' ? backward(b, node, inputs) : undefined;
};

/** Computes the engine's batch normalization; runs after layouts are settled. */
export const lowerNormalization = (graph: Graph): Graph => rewriteGraph(graph, rewrite);
