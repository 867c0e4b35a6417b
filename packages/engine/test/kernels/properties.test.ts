/** Shapes and axes drawn at random: the graph equals eager tfjs, forward and backward. */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type HostTensor, tf } from '../../src/index.ts';
import { compare, draw, drawApart, type Fn, gradientOf, int32 } from '../parity.ts';

const RUNS = { numRuns: 12, seed: 9 } as const;
const FORWARD = 2e-6;
const BACKWARD = 1e-5;

async function expectParity(fn: Fn, inputs: HostTensor[]) {
  const forward = await compare(fn, inputs);
  expect(forward.shapes.graph).toBe(forward.shapes.reference);
  expect(forward.error).toBeLessThan(FORWARD);
  const backward = await compare(gradientOf(fn), inputs);
  expect(backward.shapes.graph).toBe(backward.shapes.reference);
  expect(backward.error).toBeLessThan(BACKWARD);
}

const size = fc.integer({ min: 1, max: 4 });
const shape = fc.array(size, { minLength: 1, maxLength: 4 });

/** A shape and a shape that broadcasts against it: fewer axes, some of them 1. */
const broadcastPair = shape.chain((whole) =>
  fc
    .tuple(
      fc.integer({ min: 0, max: whole.length }),
      fc.array(fc.boolean(), { minLength: whole.length, maxLength: whole.length }),
    )
    .map(([dropped, ones]) => {
      const part = whole.map((n, axis) => (ones[axis] ? 1 : n)).slice(dropped);
      return { whole, part };
    }),
);

/** A shape and some of its axes, negative ones among them. */
const withAxes = shape.chain((dims) =>
  fc.record({
    dims: fc.constant(dims),
    axes: fc
      .uniqueArray(fc.integer({ min: 0, max: dims.length - 1 }), { minLength: 1 })
      .map((axes) => axes.map((axis) => (axis % 2 === 0 ? axis : axis - dims.length))),
    keep: fc.boolean(),
  }),
);

describe('for any shapes', () => {
  test.each(['add', 'sub', 'mul', 'div', 'squaredDifference'] as const)(
    '%s broadcasts as tfjs does, and its gradient is summed back',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(broadcastPair, async ({ whole, part }) => {
          const fn: Fn = (a, b) => tf[name](a as Tensor, b as Tensor);
          await expectParity(fn, [draw(whole, 1), draw(part, 2, true)]);
        }),
        RUNS,
      );
    },
  );

  test.each(['sum', 'mean', 'max', 'min'] as const)('%s reduces any axes', async (name) => {
    await fc.assert(
      fc.asyncProperty(withAxes, async ({ dims, axes, keep }) => {
        await expectParity((x) => tf[name](x as Tensor, axes, keep), [drawApart(dims, 3)]);
      }),
      RUNS,
    );
  });

  test('transpose takes any permutation', async () => {
    const permuted = shape.chain((dims) =>
      fc
        .shuffledSubarray([...dims.keys()], { minLength: dims.length })
        .map((perm) => ({ dims, perm })),
    );
    await fc.assert(
      fc.asyncProperty(permuted, async ({ dims, perm }) => {
        await expectParity((x) => tf.transpose(x as Tensor, perm), [draw(dims, 4)]);
      }),
      RUNS,
    );
  });

  test('slice, pad and concat along any axis', async () => {
    const parts = shape.chain((dims) =>
      fc.record({
        dims: fc.constant(dims),
        axis: fc.integer({ min: 0, max: dims.length - 1 }),
        before: fc.integer({ min: 0, max: 2 }),
        after: fc.integer({ min: 0, max: 2 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(parts, async ({ dims, axis, before, after }) => {
        const paddings = dims.map((_, a): [number, number] =>
          a === axis ? [before, after] : [0, 0],
        );
        const fn: Fn = (x, y) => {
          const padded = tf.pad(x as Tensor, paddings, 0.5);
          const both = tf.concat([padded, y as Tensor], axis);
          const begin = dims.map((_, a) => (a === axis ? before : 0));
          return tf.slice(both, begin, dims);
        };
        await expectParity(fn, [draw(dims, 5), draw(dims, 6)]);
      }),
      RUNS,
    );
  });

  test('gather takes any rows of any axis, again and again', async () => {
    const taken = shape.chain((dims) =>
      fc.integer({ min: 0, max: dims.length - 1 }).chain((axis) =>
        fc
          .array(fc.integer({ min: 0, max: (dims[axis] as number) - 1 }), {
            minLength: 1,
            maxLength: 6,
          })
          .map((indices) => ({ dims, axis, indices })),
      ),
    );
    await fc.assert(
      fc.asyncProperty(taken, async ({ dims, axis, indices }) => {
        const fn: Fn = (x, i) => tf.gather(x as Tensor, i as never, axis);
        await expectParity(fn, [draw(dims, 7), int32([indices.length], indices)]);
      }),
      RUNS,
    );
  });

  test('matMul takes any batch and either side transposed', async () => {
    const product = fc.record({
      batch: fc.array(size, { maxLength: 2 }),
      sizes: fc.tuple(size, size, size),
      flags: fc.tuple(fc.boolean(), fc.boolean()),
    });
    await fc.assert(
      fc.asyncProperty(product, async ({ batch, sizes: [m, k, n], flags: [a, b] }) => {
        const left = [...batch, ...(a ? [k, m] : [m, k])];
        const right = [...batch, ...(b ? [n, k] : [k, n])];
        const fn: Fn = (x, y) => tf.matMul(x as Tensor, y as Tensor, a, b);
        await expectParity(fn, [draw(left, 8), draw(right, 9)]);
      }),
      RUNS,
    );
  });

  test('pooling takes any window', async () => {
    const window = fc.record({
      dims: fc.tuple(size, fc.integer({ min: 3, max: 7 }), fc.integer({ min: 3, max: 7 }), size),
      kernel: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 3 }),
      pad: fc.constantFrom('valid' as const, 'same' as const),
    });
    await fc.assert(
      fc.asyncProperty(window, async ({ dims, kernel, stride, pad }) => {
        const pool: Fn = (x) => tf.maxPool(x as never, kernel, stride, pad);
        await expectParity(pool, [drawApart(dims, 10)]);
        const average: Fn = (x) => tf.avgPool(x as never, kernel, stride, pad);
        await expectParity(average, [draw(dims, 11)]);
      }),
      RUNS,
    );
  });

  test('resizing takes any sizes', async () => {
    const resize = fc.record({
      dims: fc.tuple(fc.integer({ min: 1, max: 2 }), size, size, size),
      target: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
      corners: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(resize, async ({ dims, target, corners }) => {
        const bilinear: Fn = (x) => tf.image.resizeBilinear(x as never, target, corners);
        await expectParity(bilinear, [draw(dims, 12)]);
        const nearest: Fn = (x) => tf.image.resizeNearestNeighbor(x as never, target, corners);
        await expectParity(nearest, [draw(dims, 13)]);
      }),
      RUNS,
    );
  });
});
