import { expect, test } from '@jest/globals';
import { flattenGraph, rebuildGraph } from '../src/flat-graph.ts';
import { printGraph } from '../src/graph.ts';
import { compileStep, tf } from '../src/index.ts';
import { traceStep } from '../src/trace-step.ts';
import { batchSpec, initialState, step } from './dcgan.ts';

test('the graph of a DCGAN step reaches another thread as it is', async () => {
  const size = { latent: 8, width: 8, batch: 16 };
  const spec = { state: initialState(size), batch: batchSpec(size) };
  const graph = await traceStep(step as never, spec);
  const posted = structuredClone(flattenGraph(graph));
  expect(printGraph(rebuildGraph(posted))).toBe(printGraph(graph));
});

test('inputs that nothing reads are still inputs', () => {
  const unread = {
    nodes: [
      {
        op: 'Input',
        inputs: [],
        attributes: { name: 'x' },
        outputs: [{ shape: [2], dtype: 'bool' }],
      },
    ],
    inputs: [['x', [0, 0]]],
    outputs: [],
  } as const;
  expect(flattenGraph(rebuildGraph(unread))).toEqual(unread);
});

test('while a step compiles, others have their turn between its two traces', async () => {
  const events: string[] = [];
  setTimeout(() => events.push('another'), 0);
  const compiled = await compileStep(
    ({ w }) => {
      events.push('trace');
      return { state: { w: tf.add(w, 1) }, outputs: {} };
    },
    { state: { w: { shape: [1], dtype: 'float32', data: new Float32Array(1) } }, batch: {} },
    { inProcess: true },
  );
  expect(events).toEqual(['trace', 'another', 'trace']);
  await compiled.dispose();
});
