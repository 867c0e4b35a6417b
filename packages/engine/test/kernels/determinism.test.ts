/**
 * Sums over duplicate indices on two threads: onnxruntime's ScatterND(add) loses some of them in most runs, so
 * the gradients of gather and RoIAlign are matrix products.
 */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { createRandom, type HostTensor, roiAlign, tf } from '../../src/index.ts';
import { draw, type Fn, float32, gradientOf, int32 } from '../parity.ts';
import { graphOf, runGraphOf } from '../run-graph.ts';

const RUNS = 100;
const THREADS = 2;

/** The outputs of every run, as bits. */
async function runMany(fn: Fn, inputs: HostTensor[]) {
  const graph = await runGraphOf(graphOf(fn, inputs), inputs, THREADS);
  const results: Float32Array[] = [];
  for (let run = 0; run < RUNS; run++) {
    const [first] = await graph.run();
    results.push(first?.data as Float32Array);
  }
  await graph.dispose();
  return results;
}

function expectSameBits(results: readonly Float32Array[]) {
  const bits = (x: Float32Array) => Buffer.from(x.buffer, x.byteOffset, x.byteLength);
  const first = bits(results[0] as Float32Array);
  const different = results.filter((result) => !bits(result).equals(first)).length;
  expect(different).toBe(0);
}

/** Largest |a - b| / (1 + |b|). */
const errorOf = (a: Float32Array, b: ArrayLike<number>) =>
  a.reduce((worst, x, i) => {
    const y = b[i] as number;
    return Math.max(worst, Math.abs(x - y) / (1 + Math.abs(y)));
  }, 0);

describe(`over ${RUNS} runs on ${THREADS} threads`, () => {
  test('the gradient of gather with duplicates is the sum, and the same bits', async () => {
    const [rows, taken, width] = [40, 4000, 64];
    const random = createRandom(11);
    const indices = Array.from({ length: taken }, () => random.integer(rows));
    const weights = draw([taken, width], 12);
    const gathered: Fn = (x, i, w) =>
      tf.mul(tf.gather(x as Tensor, i as never), w as Tensor) as Tensor;
    // d sum(x[i] * w * v) / dx: the weights v are the test's own, see gradientOf.
    const x = draw([rows, width], 13);
    const results = await runMany(gradientOf(gathered), [x, int32([taken], indices), weights]);
    const sums = new Float64Array(rows * width);
    for (const [at, row] of indices.entries()) {
      for (let column = 0; column < width; column++) {
        const i = at * width + column;
        const v = Math.fround(Math.sin(i + 1) + 1.5);
        const cell = row * width + column;
        sums[cell] = (sums[cell] as number) + (weights.data[i] as number) * v;
      }
    }
    expectSameBits(results);
    expect(errorOf(results[0] as Float32Array, sums)).toBeLessThan(1e-5);
  });

  test('the gradient of RoIAlign with overlapping boxes is that of one thread, and the same bits', async () => {
    const random = createRandom(21);
    const boxes = Array.from({ length: 64 }, () => {
      const [x = 0, y = 0] = random.uniform(2, 0, 60);
      const [w = 0, h = 0] = random.uniform(2, 20, 60);
      return [x, y, x + w, y + h];
    });
    const options = { size: [7, 7], spatialScale: 0.25, samplingRatio: 2 } as const;
    const given = float32([1, 64, 4], boxes.flat());
    const pooled: Fn = (x) =>
      roiAlign(x as never, tf.tensor(given.data as Float32Array, [1, 64, 4]) as never, options);
    const inputs = [draw([1, 32, 32, 16], 22)];
    const fn = gradientOf(pooled);
    const results = await runMany(fn, inputs);
    const single = await runGraphOf(graphOf(fn, inputs), inputs, 1);
    const [alone] = await single.run();
    await single.dispose();
    expectSameBits(results);
    expect(errorOf(results[0] as Float32Array, alone?.data as Float32Array)).toBeLessThan(1e-5);
  });
});
