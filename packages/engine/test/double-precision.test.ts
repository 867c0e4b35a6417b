import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { compileStep, type HostTensor, type StepOptions, tf } from '../src/index.ts';

const NUMBERS = [-3.7, -1.1, -0.3, 0, 0.4, 1.9, 5.3];
const vector = (values: readonly number[]): HostTensor => ({
  shape: [values.length],
  dtype: 'float32',
  data: Float32Array.from(values),
});

async function applied(fn: (x: Tensor) => Tensor, options: StepOptions, x: HostTensor) {
  const step = (state: object, batch: { x: Tensor }) => ({ state, outputs: { y: fn(batch.x) } });
  const compiled = await compileStep(step as never, { state: {}, batch: { x } }, options);
  try {
    return Array.from((await compiled.run({ x })).y?.data as Float32Array);
  } finally {
    await compiled.dispose();
  }
}

const inDouble: StepOptions = { inProcess: true, threads: 1, precision: 'float64' };
const x = vector(NUMBERS);
const exact = (rule: (x: number) => number) => Array.from(x.data as Float32Array, rule);

/** The largest difference from the rule in double precision, in units of float32's rounding. */
function roundings(ours: readonly number[], truth: readonly number[]): number {
  const errors = ours.map((y, i) => Math.abs(y - (truth[i] as number)) / Math.max(Math.abs(y), 1));
  return Math.max(...errors) / 2 ** -24;
}

describe('a step in double precision', () => {
  test('keeps what single precision rounds away', async () => {
    const lost = (t: Tensor) => tf.sub(tf.add(t, 2 ** 26), 2 ** 26);
    expect(await applied(lost, { ...inDouble, precision: 'float32' }, x)).toContain(0);
    expect(
      roundings(
        await applied(lost, inDouble, x),
        exact((v) => v),
      ),
    ).toBeLessThanOrEqual(1);
  });

  test.each<[string, (t: Tensor) => Tensor, (v: number) => number]>([
    ['leaky rectifier', (t) => tf.leakyRelu(t, 0.25), (v) => (v < 0 ? 0.25 * v : v)],
    ['sigmoid', (t) => tf.sigmoid(t), (v) => 1 / (1 + Math.exp(-v))],
    ['step', (t) => tf.step(t), (v) => Number(v > 0)],
    ['softplus', (t) => tf.softplus(t), (v) => Math.log1p(Math.exp(v))],
    ['power', (t) => tf.pow(tf.abs(t), 1.5), (v) => Math.abs(v) ** 1.5],
  ])('rounds a %s once, at the end', async (_name, fn, rule) => {
    expect(roundings(await applied(fn, inDouble, x), exact(rule))).toBeLessThanOrEqual(1);
  });

  test('convolves', async () => {
    const image = vector(Array.from({ length: 64 }, (_, i) => Math.sin(i)));
    const convolve = (t: Tensor) =>
      tf.conv2d(tf.reshape(t, [1, 8, 8, 1]) as never, tf.ones([4, 4, 1, 1]) as never, 4, 'valid');
    const sums = await applied(convolve, inDouble, image);
    const truth = [0, 4, 32, 36].map((corner) => {
      let sum = 0;
      for (let i = 0; i < 16; i++)
        sum += image.data[corner + (i % 4) + 8 * Math.floor(i / 4)] as number;
      return sum;
    });
    expect(roundings(sums, truth)).toBeLessThanOrEqual(1);
  });

  test('is refused on a device that has none', async () => {
    const refused = applied((t) => t, { ...inDouble, device: 'tfjs' }, x);
    await expect(refused).rejects.toMatchObject({ code: 'UNSUPPORTED_PRECISION' });
  });
});
