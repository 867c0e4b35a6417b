import * as tf from '@tensorflow/tfjs-core';
import type { Value } from '../graph.ts';
import { reshape, transpose } from '../ops.ts';
import { type Kernel, type KernelCall, type KernelTable, need } from './kernel.ts';
import { applyActivation } from './linear.ts';

type Shape4 = [number, number, number, number];

const NHWC_TO_NCHW = [0, 3, 1, 2];
const NCHW_TO_NHWC = [0, 2, 3, 1];
/** [h, w, C, M], M filters for each of C channels, as ONNX has the filters of C groups. */
const HWCM_TO_CMHW = [2, 3, 0, 1];

/** x [N, H, W, C], filter [h, w, C, M] -> [N, H', W', C M]: a convolution of ONNX in which each channel is a group. */
function convolveDepthwise({ b, inputs, attributes, fail }: KernelCall): Value {
  const [x, filter] = [need(inputs, 'x'), need(inputs, 'filter')];
  const { strides, pad, dilations, dimRoundingMode, dataFormat } = attributes;
  if (dataFormat === 'NCHW') fail('supports NHWC only');
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as Shape4,
    filter.shape as Shape4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
  const { top, left, bottom, right } = info.padInfo;
  const [h, w, channels, multiplier] = filter.shape as Shape4;
  const groups = reshape(b, transpose(b, filter, HWCM_TO_CMHW), [channels * multiplier, 1, h, w]);
  const y = b.op(
    'Conv',
    [transpose(b, x, NHWC_TO_NCHW), groups],
    {
      shape: [info.batchSize, info.outChannels, info.outHeight, info.outWidth],
      dtype: 'float32',
    },
    {
      group: channels,
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      pads: [top, left, bottom, right],
    },
  );
  return transpose(b, y, NCHW_TO_NHWC);
}

const fused: Kernel = (call) => applyActivation(call, convolveDepthwise(call), call.inputs.bias);

/** Each channel convolved by itself, as in MobileNets; for inference alone: there is no gradient. */
export const depthwiseKernels: KernelTable = {
  DepthwiseConv2dNative: convolveDepthwise,
  FusedDepthwiseConv2D: fused,
};
