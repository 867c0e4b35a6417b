import type { Builder, Node, Value } from '../../graph.ts';
import { transpose } from '../../ops.ts';

/**
 * Shape shorthand of this folder: N images, H x W pixels, C input and K output channels, h x w output
 * pixels. Images are NHWC at the door and CHWN inside: with the batch innermost every move of a pixel
 * is a copy of N neighboring numbers, and every channel is one row.
 */
export interface Geometry {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number];
  readonly images: number;
  readonly inSize: readonly [number, number];
  readonly outSize: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly inChannels: number;
  readonly outChannels: number;
}

type Shape4 = readonly [number, number, number, number];

/** Reads a Conv2d, Conv2dInputGradient or Conv2dFilterGradient node (NHWC, HWIO). */
export function geometryOf(node: Node): Geometry {
  const [first, second] = node.inputs as [Value, Value];
  const output = node.outputs[0] as Value;
  const [x, dy, filter] =
    node.op === 'Conv2d'
      ? [first, output, second]
      : node.op === 'Conv2dInputGradient'
        ? [output, first, second]
        : [first, second, output];
  const [n, inH, inW, inC] = x.shape as Shape4;
  const [, outH, outW, outC] = dy.shape as Shape4;
  const [kh, kw] = filter.shape as Shape4;
  return {
    strides: node.attributes.strides as Geometry['strides'],
    dilations: node.attributes.dilations as Geometry['dilations'],
    pads: node.attributes.pads as Geometry['pads'],
    images: n,
    inSize: [inH, inW],
    outSize: [outH, outW],
    kernel: [kh, kw],
    inChannels: inC,
    outChannels: outC,
  };
}

const NHWC_TO_CHWN = [3, 1, 2, 0];
/** The permutation is its own inverse. */
export const toChwn = (b: Builder, x: Value): Value => transpose(b, x, NHWC_TO_CHWN);
export const toNhwc = (b: Builder, x: Value): Value => transpose(b, x, NHWC_TO_CHWN);

/** One way to compute a convolution and its two gradients; images NHWC, filters HWIO. */
export interface ConvolutionMethod {
  forward(b: Builder, g: Geometry, x: Value, filter: Value): Value;
  inputGradient(b: Builder, g: Geometry, dy: Value, filter: Value): Value;
  filterGradient(b: Builder, g: Geometry, x: Value, dy: Value): Value;
}
