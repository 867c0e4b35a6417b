/** Gradients of gradients, and central differences of first gradients to hold them against. */
import { type HostTensor, type Tree, tf } from '../src/index.ts';
import { asList, compile, type Fn, gradientOf, named, runGraph, weightOf } from './parity.ts';

/** A function whose gradient depends on its value, so that the second one flows through all inputs of a gradient's kernel. */
const bent =
  (fn: Fn): Fn =>
  (...inputs) =>
    asList(fn(...inputs)).map((y) =>
      y.dtype === 'float32' ? tf.mul(tf.add(tf.mul(y, 0.25), 1), y) : y,
    );

const firstOf = (fn: Fn): Fn => gradientOf(bent(fn));
export const secondOf = (fn: Fn): Fn => gradientOf(firstOf(fn));

/** Small, so that no rectifier turns between the two sides of a difference. */
const H = 2e-3;
/** Single elements of a tensor that are moved; of larger ones some, evenly spaced. */
const MAX_ELEMENTS = 8;

/** Along some elements one by one, and along all at once with weights of both signs. */
function directionsOf(count: number): Float32Array[] {
  const step = Math.ceil(count / MAX_ELEMENTS);
  const elements = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
  const single = elements.map((element) =>
    new Float32Array(count).map((_, i) => Number(i === element)),
  );
  return [...single, new Float32Array(count).map((_, i) => Math.cos(3 * i))];
}

const dot = (a: ArrayLike<number | bigint>, weights: (index: number) => number): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Number(a[i]) * weights(i);
  return sum;
};

/** The first gradients as one number, summed in double precision. */
const weigh = (outputs: Readonly<Record<string, HostTensor>>): number =>
  Object.values(outputs).reduce((sum, { data }) => sum + dot(data, weightOf), 0);

/** Slopes of the weighed first gradients along each direction of each float input, by central differences. */
async function differences(fn: Fn, inputs: HostTensor[]): Promise<number[][]> {
  const first = await compile(firstOf(fn), inputs);
  const valueAt = async (place: number, direction: Float32Array, by: number) => {
    const shifted = inputs.map((input, i) => {
      if (i !== place) return input;
      const data = input.data as Float32Array;
      return { ...input, data: data.map((x, j) => x + by * (direction[j] as number)) };
    });
    return weigh(await first.run(named(shifted) as Tree<HostTensor>));
  };
  const all: number[][] = [];
  for (const [place, { dtype, data }] of inputs.entries()) {
    if (dtype !== 'float32') continue;
    const slopes: number[] = [];
    for (const direction of directionsOf(data.length)) {
      const above = await valueAt(place, direction, H);
      slopes.push((above - (await valueAt(place, direction, -H))) / (2 * H));
    }
    all.push(slopes);
  }
  await first.dispose();
  return all;
}

/** Largest difference between slopes by the graph's second gradients and finite ones, in units of their root mean square. */
export async function secondOrderError(fn: Fn, inputs: HostTensor[]): Promise<number> {
  const second = Object.values(await runGraph(secondOf(fn), inputs));
  let error = 0;
  for (const [place, slopes] of (await differences(fn, inputs)).entries()) {
    const { data } = second[place] as HostTensor;
    const scale = 1 + Math.hypot(...slopes) / Math.sqrt(slopes.length);
    for (const [i, direction] of directionsOf(data.length).entries()) {
      const slope = dot(data, (j) => direction[j] as number);
      const distance = Math.abs(slope - (slopes[i] as number)) / scale;
      error = Math.max(error, Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance);
    }
  }
  return error;
}
