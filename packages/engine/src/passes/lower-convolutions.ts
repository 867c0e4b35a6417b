import { type Builder, type Rewrite, rewriteGraph } from '../builder.ts';
import type { Graph, Node, Value } from '../graph.ts';
import { fullWindow, isFullWindow } from './convolution/full-window.ts';
import { type ConvolutionMethod, type Geometry, geometryOf } from './convolution/geometry.ts';
import { im2col } from './convolution/im2col.ts';
import { onnxConvolution } from './convolution/onnx-convolution.ts';
import { isPointwise, pointwise, pointwiseByImage } from './convolution/pointwise.ts';
import { axesOf, winograd, winogradCost } from './convolution/winograd.ts';
import { isFiltered, tapsOf } from './convolution/winograd-matrices.ts';

/** Below this batch the batch-innermost layout moves too few numbers at a time. */
const MIN_BATCH = 16;
/** With fewer channels on one side the products are too thin for transforms. */
const MIN_CHANNELS = 8;
/** Outputs per tile; larger tiles lose too many digits in float32. */
const TILES = [2, 3, 4];

const isEven = (g: Geometry): boolean =>
  g.dilations.every((d) => d === 1) &&
  g.kernel.every((k, axis) => k % (g.strides[axis] as number) === 0);

/** Of tiles that float32 bears, the number of outputs that costs least; undefined if the kernel is too large. */
function bestTile(g: Geometry): number | undefined {
  const taps = axesOf(g).map(tapsOf);
  const borne = TILES.filter((m) => taps.every((count) => isFiltered(m, count)));
  const [cheapest] = borne.sort((m, n) => winogradCost(g, m) - winogradCost(g, n));
  return cheapest;
}

/** Windows that do not overlap: columns are the image itself in another order. */
const areSideBySide = (g: Geometry): boolean => g.kernel.every((k, axis) => k === g.strides[axis]);

/** The fastest known method for a layer. */
export function chooseMethod(g: Geometry): ConvolutionMethod {
  if (isPointwise(g)) return g.images < MIN_BATCH ? pointwiseByImage : pointwise;
  if (g.images < MIN_BATCH) return onnxConvolution;
  if (isFullWindow(g)) return fullWindow;
  if (!isEven(g)) return onnxConvolution;
  const isThin = Math.min(g.inChannels, g.outChannels) < MIN_CHANNELS;
  if (isThin || areSideBySide(g)) return im2col;
  const tile = bestTile(g);
  return tile === undefined ? onnxConvolution : winograd(tile);
}

type Method = (g: Geometry) => ConvolutionMethod;

function lower(
  b: Builder,
  node: Node,
  inputs: readonly Value[],
  choose: Method,
): Value | undefined {
  const [first, second] = inputs as [Value, Value];
  switch (node.op) {
    case 'Conv2d':
      return choose(geometryOf(node)).forward(b, geometryOf(node), first, second);
    case 'Conv2dInputGradient':
      return choose(geometryOf(node)).inputGradient(b, geometryOf(node), first, second);
    case 'Conv2dFilterGradient':
      return choose(geometryOf(node)).filterGradient(b, geometryOf(node), first, second);
    default:
      return undefined;
  }
}

/** Replaces the tfjs-shaped convolutions by ONNX convolutions and matrix products. */
export function lowerConvolutions(graph: Graph, choose: Method = chooseMethod): Graph {
  const rewrite: Rewrite = (b, node, inputs) => {
    const lowered = lower(b, node, inputs, choose);
    return lowered === undefined ? undefined : [lowered];
  };
  return rewriteGraph(graph, rewrite);
}
