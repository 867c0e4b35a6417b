/** What tracing and the passes make of small functions, as program text. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { prepareStep } from '../../src/build-model.ts';
import { type Graph, graphNodes, printGraph } from '../../src/graph.ts';
import { elementCount } from '../../src/host-tensor.ts';
import { batchNormalization, tf, valueAndGradients } from '../../src/index.ts';
import { lowerConvolutions, nodesBeforeKinks } from '../../src/passes/lower-convolutions.ts';
import { pushTransposes } from '../../src/passes/push-transposes.ts';
import { traceStep } from '../../src/trace-step.ts';
import { batchSpec, initialState, step } from '../dcgan.ts';
import { draw, type Fn } from '../parity.ts';
import { graphOf } from '../run-graph.ts';

const textOf = (fn: Fn, ...shapes: number[][]): string =>
  printGraph(
    graphOf(
      fn,
      shapes.map((shape, i) => draw(shape, i)),
    ),
  );

describe('a trace', () => {
  test('prints one line per operation, with types', () => {
    const text = textOf((x, y) => tf.relu(tf.add(x as Tensor, y as Tensor)), [2, 3], [3]);
    expect(text).toMatchInlineSnapshot(`
"input %batch.i0: float32[2, 3]
input %batch.i1: float32[3]
%0: float32[2, 3] = Add(%batch.i0, %batch.i1)
%1: float32[2, 3] = Relu(%0)
output out.i0 = %1"
`);
  });

  test('records equal operations once', () => {
    const text = textOf((x) => tf.mul(tf.exp(x as Tensor), tf.exp(x as Tensor)), [2]);
    expect(text).toMatchInlineSnapshot(`
"input %batch.i0: float32[2]
%0: float32[2] = Exp(%batch.i0)
%1: float32[2] = Mul(%0, %0)
output out.i0 = %1"
`);
  });

  test('computes what is uniform, and drops what is neutral or unused', () => {
    const fn: Fn = (x) => {
      tf.exp(x as Tensor);
      const one = tf.sub(tf.mul(tf.ones([2]), 3), tf.scalar(2));
      return tf.add(tf.mul(x as Tensor, one), tf.zeros([2]));
    };
    expect(textOf(fn, [2])).toMatchInlineSnapshot(`
"input %batch.i0: float32[2]
output out.i0 = %batch.i0"
`);
  });
});

describe('pushing transposes', () => {
  test('lets those around elementwise work cancel', () => {
    const fn: Fn = (x, bias) => {
      const turned = tf.transpose(x as Tensor, [0, 3, 1, 2]);
      const worked = tf.relu(tf.add(turned, tf.reshape(bias as Tensor, [3, 1, 1])));
      return tf.transpose(worked, [0, 2, 3, 1]);
    };
    const inputs = [draw([2, 4, 5, 3], 1), draw([3], 2)];
    expect(printGraph(pushTransposes(graphOf(fn, inputs)))).toMatchInlineSnapshot(`
"input %batch.i0: float32[2, 4, 5, 3]
input %batch.i1: float32[3]
%0: float32[1, 1, 1, 3] = Reshape(%batch.i1) {shape=[1, 1, 1, 3]}
%1: float32[2, 4, 5, 3] = Add(%batch.i0, %0)
%2: float32[2, 4, 5, 3] = Relu(%1)
output out.i0 = %2"
`);
  });

  test('turns the axes of a reduction instead of its input', () => {
    const fn: Fn = (x) => tf.sum(tf.transpose(x as Tensor, [1, 0]), 0);
    expect(printGraph(pushTransposes(graphOf(fn, [draw([2, 3], 1)])))).toMatchInlineSnapshot(`
"input %batch.i0: float32[2, 3]
%0: float32[2, 1] = ReduceSum(%batch.i0) {axes=[1], keepdims=true}
%1: float32[2] = Reshape(%0) {shape=[2]}
output out.i0 = %1"
`);
  });

  test('between two convolutions leaves none', () => {
    const fn: Fn = (x, v, w) => {
      const first = tf.relu(tf.conv2d(x as never, v as never, 2, 1));
      return tf.conv2d(first as never, w as never, 2, 1);
    };
    const inputs = [draw([2, 8, 8, 3], 1), draw([4, 4, 3, 5], 2), draw([4, 4, 5, 2], 3)];
    const text = printGraph(pushTransposes(lowerConvolutions(graphOf(fn, inputs))));
    const between = text.slice(text.indexOf('Conv('), text.lastIndexOf('Conv('));
    expect(between).toContain('Relu');
    // Only of weights.
    expect(between).not.toMatch(/Transpose\(%\d/);
  });
});

describe('the convolutions before a kink', () => {
  test('are those of the forward pass before rectifiers, through normalization, and no others', () => {
    const fn: Fn = (x, v, w, u) => {
      const layer = (image: Tensor, filter: Tensor) =>
        tf.conv2d(image as never, filter as never, 1, 1);
      const loss = (p: { v: Tensor; w: Tensor }) => {
        const first = batchNormalization(layer(x as Tensor, p.v), tf.ones([4]), tf.zeros([4])).y;
        const smooth = tf.tanh(layer(tf.relu(first), p.w));
        return tf.mean(layer(smooth, u as Tensor));
      };
      const { gradients } = valueAndGradients(loss as never, { v: v as Tensor, w: w as Tensor });
      return Object.values(gradients as Record<string, Tensor>);
    };
    const inputs = [draw([2, 6, 6, 4], 1), ...[2, 3, 4].map((seed) => draw([3, 3, 4, 4], seed))];
    const before = nodesBeforeKinks(graphOf(fn, inputs));
    const names = [...before].filter(({ op }) => op.startsWith('Conv2d'));
    expect(names).toHaveLength(1);
    expect(names[0]?.op).toBe('Conv2d');
    expect(names[0]?.inputs.map(({ node }) => node.attributes.name)).toEqual([
      'batch.i0',
      'batch.i1',
    ]);
  });
});

describe('the graph of a whole DCGAN step', () => {
  const graphOfWidth = async (width: number) => {
    const size = { latent: 8, width, batch: 16 };
    const spec = { state: initialState(size), batch: batchSpec(size) };
    return prepareStep(await traceStep(step as never, spec)).graph;
  };
  let graph: Graph;
  let nodes: readonly string[];
  beforeAll(async () => {
    graph = await graphOfWidth(8);
    nodes = printGraph(graph).split('\n');
  });

  test('has no weights in it: its constants do not grow with the model', async () => {
    const constants = (of: Graph) =>
      graphNodes(of)
        .filter(({ op }) => op === 'Constant')
        .reduce((sum, { outputs }) => sum + elementCount(outputs[0]?.shape ?? []), 0);
    expect(constants(graph)).toBeGreaterThan(0);
    expect(constants(await graphOfWidth(16))).toBe(constants(graph));
  });

  test('runs the generator once for both players', () => {
    const images = nodes.filter((line) => /64, 64, \d+\] = Tanh\(/.test(line));
    expect(images).toHaveLength(1);
  });

  test('takes every random number as an input', () => {
    const inputs = graph.inputs.filter(({ name }) => name.startsWith('batch.'));
    expect(inputs.map(({ name }) => name)).toEqual(['batch.images', 'batch.latent']);
  });
});
