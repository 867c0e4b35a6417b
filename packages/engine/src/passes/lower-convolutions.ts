import { rewriteGraph } from '../builder.ts';
import { type Graph, graphNodes, type Node, type Value } from '../graph.ts';
import { at } from '../host-tensor.ts';
import { fullWindow, isFullWindow } from './convolution/full-window.ts';
import { type ConvolutionMethod, type Geometry, geometryOf } from './convolution/geometry.ts';
import { im2col } from './convolution/im2col.ts';
import { onnxConvolution } from './convolution/onnx-convolution.ts';
import { isPointwise, pointwise, pointwiseByImage } from './convolution/pointwise.ts';
import { axesOf, winograd, winogradCost } from './convolution/winograd.ts';
import { isFiltered, type Rounding, tapsOf } from './convolution/winograd-matrices.ts';

/** Below this batch the batch-innermost layout moves too few numbers at a time. */
const MIN_BATCH = 16;
/** With fewer channels on one side the products are too thin for transforms. */
const MIN_CHANNELS = 8;
/** Outputs per tile and axis. */
const TILES = [2, 3, 4];

const isEven = (g: Geometry): boolean =>
  g.dilations.every((d) => d === 1) && g.kernel.every((k, axis) => k % at(g.strides, axis) === 0);

/** The number of outputs per tile that costs least; undefined if the kernel is too large for all. */
function bestTile(g: Geometry, rounding: Rounding): number | undefined {
  const taps = axesOf(g).map(tapsOf);
  const known = TILES.filter((m) => taps.every((count) => isFiltered(m, count, rounding)));
  const [cheapest] = known.sort((m, n) => winogradCost(g, m) - winogradCost(g, n));
  return cheapest;
}

/** Windows that do not overlap: columns are the image itself in another order. */
const areSideBySide = (g: Geometry): boolean => g.kernel.every((k, axis) => k === g.strides[axis]);

/** The fastest known method for a layer that rounds no worse than asked. */
export function chooseMethod(g: Geometry, rounding: Rounding = 'fine'): ConvolutionMethod {
  if (isPointwise(g)) return g.images < MIN_BATCH ? pointwiseByImage : pointwise;
  if (g.images < MIN_BATCH) return onnxConvolution;
  if (isFullWindow(g)) return fullWindow;
  if (!isEven(g)) return onnxConvolution;
  const isThin = Math.min(g.inChannels, g.outChannels) < MIN_CHANNELS;
  if (isThin || areSideBySide(g)) return im2col;
  const tile = bestTile(g, rounding);
  return tile === undefined ? onnxConvolution : winograd(tile);
}

/** By matrix products where the layer allows it: onnxruntime convolves in single precision only. */
export function chooseProducts(g: Geometry): ConvolutionMethod {
  if (isPointwise(g)) return pointwise;
  if (isFullWindow(g)) return fullWindow;
  return isEven(g) ? im2col : onnxConvolution;
}

/** Operations that are not smooth: next to their kink the smallest error of the input changes the gradient. */
const KINKED = new Set([
  ...['Relu', 'LeakyRelu', 'Elu', 'Selu', 'HardSigmoid', 'Abs', 'Clip', 'Max', 'Min', 'Sign'],
  ...['Floor', 'Ceil', 'Round', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'],
  ...['MaxPool', 'ReduceMax', 'ReduceMin', 'ArgMax', 'ArgMin', 'TopK', 'NonMaxSuppression'],
]);

/** Operations behind which an error is that of another layer. */
const LAYERS = new Set(['Conv2d', 'Conv2dInputGradient', 'Conv2dFilterGradient', 'MatMul']);

/**
 * The nodes whose output reaches a kink with no other layer between: the forward pass of a layer before its
 * rectifier, normalization and sums included, but not the backward pass.
 */
export function nodesBeforeKinks(graph: Graph): ReadonlySet<Node> {
  const found = new Set<Node>();
  // Consumers come after what they read, so in reverse order they are known first.
  for (const node of graphNodes(graph).reverse()) {
    const passes = KINKED.has(node.op) || (found.has(node) && !LAYERS.has(node.op));
    if (passes) for (const input of node.inputs) found.add(input.node);
  }
  return found;
}

type Choose = (g: Geometry, rounding: Rounding) => ConvolutionMethod;

const METHOD_OF: Readonly<Record<string, keyof ConvolutionMethod>> = {
  Conv2d: 'forward',
  Conv2dInputGradient: 'inputGradient',
  Conv2dFilterGradient: 'filterGradient',
};

/**
 * Replaces the tfjs-shaped convolutions by ONNX convolutions and matrix products. What a kink follows rounds finely:
 * there the smallest error turns some activations from one side to the other.
 */
export function lowerConvolutions(graph: Graph, choose: Choose = chooseMethod): Graph {
  const kinked = nodesBeforeKinks(graph);
  return rewriteGraph(graph, (b, node, inputs) => {
    const method = METHOD_OF[node.op];
    if (method === undefined) return undefined;
    const g = geometryOf(node);
    const [first, second] = inputs as [Value, Value];
    const chosen = choose(g, kinked.has(node) ? 'fine' : 'coarse');
    return [chosen[method](b, g, first, second)];
  });
}
