import { describe, expect, jest, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-node';
import { createBuilder } from '../src/builder.ts';
import { compileStep, type HostTensor, tf } from '../src/index.ts';
import { encodeOnnx } from '../src/onnx/encode.ts';
import { inPlaceRun, withStop } from '../src/runtimes/in-place-run.ts';

/** state.sum += table[index]: fails inside the run where the index is outside of the table. */
const lookUp = (state: { sum: Tensor }, batch: { index: Tensor }) => {
  const row = tf.gather(tf.tensor1d([10, 20, 30]), batch.index as never);
  return { state: { sum: tf.add(state.sum, row) }, outputs: { row } };
};

const sum: HostTensor = { shape: [1], dtype: 'float32', data: new Float32Array(1) };

const compile = () =>
  compileStep(
    lookUp as never,
    { state: { sum }, batch: { index: { shape: [1], dtype: 'int32' as const } } },
    { inProcess: true, threads: 2 },
  );

describe('a step whose outputs are written in place', () => {
  test('hands over what each run wrote', async () => {
    const step = await compile();
    const first = await step.run({ index: Int32Array.of(2) });
    const second = await step.run({ index: Int32Array.of(0) });
    expect([first.row?.data[0], second.row?.data[0]]).toEqual([30, 10]);
    expect((await step.readState()).sum.data[0]).toBe(40);
    await step.dispose();
  });

  test('reports a run that failed half way, and keeps the state before it', async () => {
    const step = await compile();
    await step.run({ index: Int32Array.of(1) });
    await expect(step.run({ index: Int32Array.of(7) })).rejects.toThrow(/indices element out of/);
    expect((await step.readState()).sum.data[0]).toBe(20);
    const after = await step.run({ index: Int32Array.of(2) });
    expect(after.row?.data[0]).toBe(30);
    await step.dispose();
  });

  test('asks the installed onnxruntime for no copies', async () => {
    const model = encodeOnnx(withStop(createBuilder(), { inputs: [], outputs: [] }));
    const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
    const spy = jest.spyOn(session, 'run');
    const run = await inPlaceRun(ort, session);
    await run({}, {});
    await run({}, {});
    expect(spy.mock.calls.map(([, fetches]) => fetches)).toEqual([
      expect.objectContaining({ 'engine.stop': null }),
      expect.objectContaining({ 'engine.stop': null }),
    ]);
    await session.release();
  });
});
