/** Programs drawn at random compute the same before and after the passes. */
import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type HostTensor, tf, valueAndGradients } from '../../src/index.ts';
import { lowerConvolutions } from '../../src/passes/lower-convolutions.ts';
import { pushTransposes, settleLayouts } from '../../src/passes/push-transposes.ts';
import { draw, errorBetween, type Fn } from '../parity.ts';
import { graphOf, runGraphOf } from '../run-graph.ts';

type Move = (x: Tensor) => Tensor;

const RANK = 3;
const axis = fc.integer({ min: 0, max: RANK - 1 });

/** Steps from a tensor of rank 3 to one of rank 3. */
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.shuffledSubarray([0, 1, 2], { minLength: RANK }).map(
    (perm): Move =>
      (x) =>
        tf.transpose(x, perm),
  ),
  fc.constantFrom<Move>(tf.relu, tf.tanh, tf.neg, tf.square),
  axis.map(
    (a): Move =>
      (x) =>
        tf.sub(x, tf.mean(x, a, true)),
  ),
  axis.map(
    (a): Move =>
      (x) =>
        tf.mul(tf.expandDims(tf.sum(x, a), a), tf.ones(x.shape)),
  ),
  fc.constant<Move>((x) => tf.add(x, tf.range(0, x.shape[2] as number))),
  axis.map(
    (a): Move =>
      (x) =>
        tf.concat([x, tf.neg(x)], a),
  ),
  fc.constant<Move>((x) => tf.reshape(x, [x.shape[1] as number, -1, x.shape[2] as number])),
  fc.constant<Move>((x) =>
    tf.where(tf.greater(x, 0.1), x, tf.mul(x, tf.transpose(tf.transpose(x)))),
  ),
);

async function resultOf(graph: ReturnType<typeof graphOf>, inputs: HostTensor[]) {
  const run = await runGraphOf(graph, inputs);
  const outputs = await run.run();
  await run.dispose();
  return outputs;
}

describe('a random program', () => {
  test('is the same with its transposes pushed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 2, maxLength: 8 }), async (moves) => {
        const inputs = [draw([2, 3, 4], 1)];
        const fn: Fn = (x) => moves.reduce((value, step) => step(value), x as Tensor);
        const graph = graphOf(fn, inputs);
        const [before, after] = [graph, pushTransposes(graph)];
        const error = errorBetween(await resultOf(after, inputs), await resultOf(before, inputs));
        expect(error).toBeLessThan(1e-5);
      }),
      { numRuns: 40, seed: 3 },
    );
  });
});

describe('the layout of the state', () => {
  test('is that in which a step neither begins nor ends with turning it', () => {
    const shape = [4, 4, 8, 16];
    const inputs = [draw([16, 8, 8, 8], 1), draw(shape, 2)];
    const descend: Fn = (x, w) => {
      const loss = (p: { w: Tensor }) => tf.mean(tf.conv2d(x as never, p.w as never, 2, 1));
      const { gradients } = valueAndGradients(loss as never, { w: w as Tensor });
      return tf.sub(w as Tensor, (gradients as { w: Tensor }).w);
    };
    const lowered = lowerConvolutions(graphOf(descend, inputs));
    const { graph, layouts } = settleLayouts(lowered, (name) =>
      name === 'batch.i1' ? 'out.i0' : '',
    );
    const perm = layouts['batch.i1'] as readonly number[];
    const state = graph.inputs.find(({ name }) => name === 'batch.i1')?.value;
    expect(perm).not.toEqual([0, 1, 2, 3]);
    expect(state?.shape).toEqual(perm.map((a) => shape[a]));
    const next = graph.outputs[0]?.value;
    expect(next?.shape).toEqual(state?.shape);
    expect(next?.node.op).toBe('Sub');
  });
});
