/**
 * TensorFlow's eager kernels take no number for the padding of a convolution or a pooling, and those of their gradients no
 * explicit padding at all. Models here give numbers. These kernels go around them: numbers that are what 'same' would
 * choose are called so; for any others the image is padded first, and the operation is a valid one. Images are NHWC.
 */
import * as tf from '@tensorflow/tfjs-core';

type Call = Parameters<tf.KernelFunc>[0];
type Padding = Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
type Info = Pick<tf.backend_util.Conv2DInfo, 'padInfo' | 'outHeight' | 'outWidth'>;
type Shape4 = [number, number, number, number];
type Margins = [number, number][];

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: Padding;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterSize?: number | [number, number];
  readonly filterShape?: Shape4;
  readonly inputShape?: Shape4;
}

const attributesOf = (call: Call) => call.attrs as unknown as Attributes;
const inputOf = (call: Call, name: string) => call.inputs[name] as tf.Tensor4D;

const changed = (call: Call, attributes: object, inputs: object = {}): Call => ({
  ...call,
  attrs: { ...call.attrs, ...attributes },
  inputs: { ...call.inputs, ...inputs },
});

/** [before, after] of each axis; a name where it says the same. */
function paddingOf(pad: Padding, infoOf: (pad: Padding) => Info): 'same' | 'valid' | Margins {
  if (pad === 'same' || pad === 'valid') return pad;
  const describe = ({ padInfo, outHeight, outWidth }: Info) => {
    const { top, bottom, left, right } = padInfo;
    return [outHeight, outWidth, top, bottom, left, right].join();
  };
  const given = infoOf(pad);
  const named = (['valid', 'same'] as const).find((n) => describe(infoOf(n)) === describe(given));
  if (named !== undefined) return named;
  const { top, bottom, left, right } = given.padInfo;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

function convolutionPadding(image: Shape4, filter: Shape4, attributes: Attributes) {
  const { strides, pad, dimRoundingMode, dilations = 1 } = attributes;
  return paddingOf(pad, (padding) =>
    tf.backend_util.computeConv2DInfo(image, filter, strides, dilations, padding, dimRoundingMode),
  );
}

function poolingPadding(image: Shape4, attributes: Attributes) {
  const { strides, pad, dimRoundingMode, filterSize = 1 } = attributes;
  return paddingOf(pad, (padding) =>
    tf.backend_util.computePool2DInfo(image, filterSize, strides, 1, padding, dimRoundingMode),
  );
}

/** The part of a padded image that was there before. */
function withoutMargins(padded: tf.TensorInfo, margins: Margins, shape: Shape4): tf.TensorInfo {
  const starts = margins.map(([before]) => before);
  return tf.slice(tf.engine().makeTensorFromTensorInfo(padded), starts, shape);
}

type Around = (original: (call: Call) => tf.TensorInfo, call: Call) => tf.TensorInfo;

const convolution: Around = (original, call) => {
  const [x, filter] = [inputOf(call, 'x'), inputOf(call, 'filter')];
  const pad = convolutionPadding(x.shape, filter.shape, attributesOf(call));
  return original(changed(call, { pad }));
};

const convolutionFilterGradient: Around = (original, call) => {
  const x = inputOf(call, 'x');
  const attributes = attributesOf(call);
  const pad = convolutionPadding(x.shape, attributes.filterShape as Shape4, attributes);
  if (typeof pad === 'string') return original(changed(call, { pad }));
  return original(changed(call, { pad: 'valid' }, { x: tf.pad(x, pad) }));
};

const convolutionImageGradient: Around = (original, call) => {
  const attributes = attributesOf(call);
  const shape = attributes.inputShape as Shape4;
  const pad = convolutionPadding(shape, inputOf(call, 'filter').shape, attributes);
  if (typeof pad === 'string') return original(changed(call, { pad }));
  const inputShape = shape.map((size, axis) => {
    const [before, after] = pad[axis] as [number, number];
    return size + before + after;
  });
  return withoutMargins(original(changed(call, { pad: 'valid', inputShape })), pad, shape);
};

/** No finite element of an image is less. */
const MIN_FLOAT32 = -3.4028234663852886e38;

const maxPool: Around = (original, call) => {
  const x = inputOf(call, 'x');
  const pad = poolingPadding(x.shape, attributesOf(call));
  if (typeof pad === 'string') return original(changed(call, { pad }));
  return original(changed(call, { pad: 'valid' }, { x: tf.pad(x, pad, MIN_FLOAT32) }));
};

const maxPoolGradient: Around = (original, call) => {
  const input = inputOf(call, 'input');
  const pad = poolingPadding(input.shape, attributesOf(call));
  if (typeof pad === 'string') return original(changed(call, { pad }));
  const padded = original(
    changed(call, { pad: 'valid' }, { input: tf.pad(input, pad, MIN_FLOAT32) }),
  );
  return withoutMargins(padded, pad, input.shape);
};

const AROUND: Readonly<Record<string, Around>> = {
  Conv2D: convolution,
  FusedConv2D: convolution,
  Conv2DBackpropFilter: convolutionFilterGradient,
  Conv2DBackpropInput: convolutionImageGradient,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGradient,
};

/** Puts these kernels around those of a backend that knows named paddings only. */
export function acceptExplicitPadding(backendName: string): void {
  for (const [kernelName, around] of Object.entries(AROUND)) {
    const kernel = tf.getKernel(kernelName, backendName);
    const original = (call: Call) => kernel.kernelFunc(call) as tf.TensorInfo;
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...kernel, kernelFunc: (call) => around(original, call) });
  }
}
