/** Runs one function on the reference backend and through ONNX, with random inputs, and compares. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import {
  compileFunction,
  createRandom,
  type HostTensor,
  type Tree,
  tf,
  valueAndGradients,
} from '../src/index.ts';

export type Fn = (...inputs: Tensor[]) => Tensor | Tensor[];

export const int32 = (shape: number[], values: number[]): HostTensor => ({
  shape,
  dtype: 'int32',
  data: Int32Array.from(values),
});
export const bool = (shape: number[], values: number[]): HostTensor => ({
  shape,
  dtype: 'bool',
  data: Uint8Array.from(values),
});
export const float32 = (shape: number[], values: number[]): HostTensor => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from(values),
});

/** Random numbers in [-2, 2), distinct enough that nothing ties; from 0.25 up where `positive`. */
export function draw(shape: number[], seed: number, positive = false): HostTensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const data = createRandom(seed).uniform(count, positive ? 0.25 : -2, 2);
  return { shape, dtype: 'float32', data };
}

/** Random order of numbers at least 0.05 apart, so that no finite difference changes which is the largest. */
export function drawApart(shape: number[], seed: number): HostTensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const keys = createRandom(seed).uniform(count);
  const order = Array.from(keys.keys()).sort((a, b) => (keys[a] as number) - (keys[b] as number));
  return float32(
    shape,
    order.map((rank) => 0.05 * (rank - count / 2)),
  );
}

export const named = (tensors: HostTensor[]) =>
  Object.fromEntries(tensors.map((tensor, index) => [`i${index}`, tensor]));
export const asList = (result: Tensor | Tensor[]) => (Array.isArray(result) ? result : [result]);
const treeOf = (tensors: Tensor[]) =>
  Object.fromEntries(tensors.map((tensor, index) => [`o${index}`, tensor]));

export const compile = (fn: Fn, inputs: HostTensor[]) =>
  compileFunction(
    (_params, tensors) => treeOf(asList(fn(...Object.values(tensors as Record<string, Tensor>)))),
    { params: {}, inputs: named(inputs) },
    { device: 'cpu', inProcess: true, threads: 1 },
  );

export async function runGraph(fn: Fn, inputs: HostTensor[]) {
  const compiled = await compile(fn, inputs);
  const result = await compiled.run(named(inputs) as Tree<HostTensor>);
  await compiled.dispose();
  return result;
}

function runReference(fn: Fn, inputs: HostTensor[]): Tensor[] {
  const tensors = inputs.map((i) =>
    tf.tensor(i.data.slice() as Float32Array, [...i.shape], i.dtype),
  );
  return asList(fn(...tensors));
}

/** How much an element counts in a scalar of all. */
export const weightOf = (index: number): number => Math.sin(index + 1) + 1.5;

/** A scalar of every output that weighs all elements differently. */
const weigh = (outputs: Tensor[]): Scalar =>
  tf.addN(
    outputs
      .filter((output) => output.dtype === 'float32')
      .map((output) => {
        const weights = Float32Array.from({ length: output.size }, (_, i) => weightOf(i));
        return tf.sum(tf.mul(output, tf.reshape(tf.tensor1d(weights), output.shape)));
      }),
  ) as Scalar;

/** The gradients of `fn` with respect to its float inputs. */
export const gradientOf =
  (fn: Fn): Fn =>
  (...inputs) => {
    const params = Object.fromEntries(
      inputs.flatMap((input, i) => (input.dtype === 'float32' ? [[`p${i}`, input]] : [])),
    );
    const { gradients } = valueAndGradients(
      (p) =>
        weigh(asList(fn(...inputs.map((input, i) => (p[`p${i}`] as Tensor | undefined) ?? input)))),
      params as Record<string, Tensor>,
    );
    return Object.values(gradients as Record<string, Tensor>);
  };

export interface Difference {
  readonly shapes: { readonly graph: string; readonly reference: string };
  /** Largest |a - b| / (1 + |b|) over all outputs; infinite where only one is finite. */
  readonly error: number;
}

function relative(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const error = Math.abs(a - b) / (1 + Math.abs(b));
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

/** Largest relative error over the outputs of a graph, against those of a reference. */
export function errorBetween(graph: readonly HostTensor[], reference: readonly HostTensor[]) {
  let error = 0;
  for (const [index, tensor] of reference.entries()) {
    const actual = graph[index]?.data ?? [];
    for (const [i, value] of tensor.data.entries()) {
      error = Math.max(error, relative(Number(actual[i]), Number(value)));
    }
  }
  return error;
}

/** The outputs of `fn` on tfjs's cpu backend. */
export async function runEagerly(fn: Fn, inputs: HostTensor[]): Promise<HostTensor[]> {
  await tf.setBackend('cpu');
  return runReference(fn, inputs).map((tensor) => {
    const { shape, dtype } = tensor as Tensor & HostTensor;
    return { shape, dtype, data: tensor.dataSync() };
  });
}

export async function compare(fn: Fn, inputs: HostTensor[]): Promise<Difference> {
  const reference = await runEagerly(fn, inputs);
  const graph = Object.values(await runGraph(fn, inputs));
  const describe = (tensors: readonly HostTensor[]) =>
    tensors.map(({ shape, dtype }) => `${dtype}[${shape}]`).join(' ');
  const shapes = { graph: describe(graph), reference: describe(reference) };
  return { shapes, error: errorBetween(graph, reference) };
}

/** The graph's gradients against central differences, in steps of `h`, of the forward pass in eager tfjs. */
export async function finiteDifferenceError(fn: Fn, inputs: HostTensor[], h = 1e-2) {
  const gradients = Object.values(await runGraph(gradientOf(fn), inputs)).map(({ data }) => data);
  await tf.setBackend('cpu');
  const value = (tensors: HostTensor[]) => Number(weigh(runReference(fn, tensors)).dataSync()[0]);
  const floats = inputs.flatMap((input, i) => (input.dtype === 'float32' ? [i] : []));
  let error = 0;
  for (const [position, i] of floats.entries()) {
    const input = inputs[i] as HostTensor;
    for (let element = 0; element < input.data.length; element++) {
      const shifted = (by: number) => {
        const data = (input.data as Float32Array).slice();
        data[element] = (data[element] as number) + by;
        return value(inputs.map((other, j) => (j === i ? { ...other, data } : other)));
      };
      const numeric = (shifted(h) - shifted(-h)) / (2 * h);
      error = Math.max(error, relative(Number(gradients[position]?.[element]), numeric));
    }
  }
  return error;
}
