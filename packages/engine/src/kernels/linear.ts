import * as tf from '@tensorflow/tfjs-core';
import type { Value } from '../graph.ts';
import { binary, matmul, scalar, transpose, unary } from '../ops.ts';
import { sigmoid } from './elementwise.ts';
import { type Kernel, type KernelCall, type KernelTable, need } from './kernel.ts';

/**
 * Convolutions are recorded in tfjs's layout (images NHWC, filters HWIO) as Conv2d, Conv2dInputGradient
 * and Conv2dFilterGradient; passes/lower-convolutions.ts chooses how each is computed.
 */
export interface ConvolutionGeometry {
  readonly [name: string]: readonly number[];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number];
}

type Shape4 = [number, number, number, number];

interface Planned {
  readonly geometry: ConvolutionGeometry;
  /** NHWC */
  readonly outShape: Shape4;
}

const NCHW_TO_NHWC = [0, 2, 3, 1];
const NHWC_TO_NCHW = [0, 3, 1, 2];

function plan(call: KernelCall, inputShape: Shape4, filterShape: Shape4): Planned {
  const { strides, pad, dilations = 1, dimRoundingMode } = call.attributes;
  const info = tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    'channelsLast',
  );
  const { top, left, bottom, right } = info.padInfo;
  const geometry: ConvolutionGeometry = {
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [top, left, bottom, right],
  };
  return { geometry, outShape: info.outShape as Shape4 };
}

/** Runs `compute` on NHWC values whatever the caller's layout. */
function inNhwc(
  call: KernelCall,
  images: readonly Value[],
  compute: (nhwc: Value[]) => Value,
): Value {
  if (call.attributes.dataFormat !== 'NCHW') return compute([...images]);
  const turned = images.map((image) => transpose(call.b, image, NCHW_TO_NHWC));
  return transpose(call.b, compute(turned), NHWC_TO_NCHW);
}

function convolve(call: KernelCall): Value {
  const { b, inputs } = call;
  const filter = need(inputs, 'filter');
  return inNhwc(call, [need(inputs, 'x')], ([x]) => {
    const image = x as Value;
    if (image.shape[3] !== filter.shape[2]) call.fail('supports no grouped channels');
    const { geometry, outShape } = plan(call, image.shape as Shape4, filter.shape as Shape4);
    return b.op('Conv2d', [image, filter], { shape: outShape, dtype: 'float32' }, geometry);
  });
}

const inputGradient: Kernel = (call) => {
  const { b, inputs, attributes } = call;
  const filter = need(inputs, 'filter');
  const given = attributes.inputShape as Shape4;
  const nchw = attributes.dataFormat === 'NCHW';
  const inputShape = (nchw ? NCHW_TO_NHWC.map((axis) => given[axis]) : given) as Shape4;
  const { geometry } = plan(call, inputShape, filter.shape as Shape4);
  return inNhwc(call, [need(inputs, 'dy')], ([dy]) =>
    b.op(
      'Conv2dInputGradient',
      [dy as Value, filter],
      { shape: inputShape, dtype: 'float32' },
      geometry,
    ),
  );
};

const filterGradient: Kernel = (call) => {
  const { b, inputs, attributes } = call;
  const filterShape = attributes.filterShape as Shape4;
  const nchw = attributes.dataFormat === 'NCHW';
  const [x, dy] = [need(inputs, 'x'), need(inputs, 'dy')].map((image) =>
    nchw ? transpose(b, image, NCHW_TO_NHWC) : image,
  ) as [Value, Value];
  const { geometry } = plan(call, x.shape as Shape4, filterShape);
  return b.op('Conv2dFilterGradient', [x, dy], { shape: filterShape, dtype: 'float32' }, geometry);
};

const DIRECT: Readonly<Record<string, string>> = {
  relu: 'Relu',
  elu: 'Elu',
};

/** The bias and activation of tfjs's fused kernels. */
export function applyActivation(call: KernelCall, x: Value, bias: Value | undefined): Value {
  const { b, attributes, fail } = call;
  const shifted = bias === undefined ? x : binary(b, 'Add', x, bias);
  const activation = String(attributes.activation ?? 'linear');
  if (activation === 'linear') return shifted;
  if (activation === 'sigmoid') return sigmoid(b, shifted);
  if (activation === 'relu6') return b.op('Clip', [shifted, scalar(b, 0), scalar(b, 6)], shifted);
  if (activation === 'leakyrelu') {
    return unary(b, 'LeakyRelu', shifted, { alpha: Number(attributes.leakyreluAlpha) });
  }
  const op = DIRECT[activation];
  return op === undefined ? fail(`has no fused activation '${activation}'`) : unary(b, op, shifted);
}

/** Convolutions and matrix products, alone and fused with bias and activation. */
export const linearKernels: KernelTable = {
  Conv2D: convolve,
  FusedConv2D: (call) => applyActivation(call, convolve(call), call.inputs.bias),
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
  BatchMatMul: ({ b, inputs, attributes }) => {
    const { transposeA = false, transposeB = false } = attributes;
    return matmul(b, need(inputs, 'a'), need(inputs, 'b'), transposeA, transposeB);
  },
  _FusedMatMul: (call) => {
    const { b, inputs, attributes } = call;
    const { transposeA = false, transposeB = false } = attributes;
    const product = matmul(b, need(inputs, 'a'), need(inputs, 'b'), transposeA, transposeB);
    return applyActivation(call, product, inputs.bias);
  },
};
