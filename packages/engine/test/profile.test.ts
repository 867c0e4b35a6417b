import { describe, expect, test } from '@jest/globals';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { EngineError, formatProfile, profileStep, tf } from '../src/index.ts';
import { summarizeTrace } from '../src/profile.ts';

const session = (ts: number, dur: number) => ({ cat: 'Session', name: 'model_run', ts, dur });
const kernel = (op_name: string, ts: number, dur: number) => ({
  cat: 'Node',
  name: `${op_name}_1_kernel_time`,
  ts,
  dur,
  args: { op_name },
});

describe('a trace', () => {
  // One run that warms up, then two; times in microseconds.
  const events = [
    session(0, 1000),
    kernel('Conv', 10, 900),
    session(2000, 500),
    kernel('Conv', 2010, 300),
    kernel('Add', 2400, 20),
    kernel('Add', 2450, 30),
    { ...kernel('Add', 2460, 99), name: 'Add_1_fence_before' },
    session(3000, 700),
    kernel('Conv', 3010, 500),
    kernel('Add', 3600, 50),
    kernel('Add', 3660, 100),
  ];

  test('is summed up per operation and step, without the first run', () => {
    expect(summarizeTrace(events)).toEqual({
      rows: [
        { op: 'Conv', calls: 1, ms: 0.4, share: 0.8 },
        { op: 'Add', calls: 2, ms: 0.1, share: 0.2 },
      ],
      stepMs: 0.6,
      steps: 2,
    });
  });

  test('prints as a table', () => {
    expect(formatProfile(summarizeTrace(events))).toMatchInlineSnapshot(`
"operation  calls    ms   share
Conv           1  0.40  80.0 %
Add            2  0.10  20.0 %
0.5 ms in operations of 0.6 ms per step, mean of 2"
`);
  });

  test('of one run has nothing to tell', () => {
    expect(() => summarizeTrace(events.slice(0, 2))).toThrow(EngineError);
  });
});

describe('a step', () => {
  const state = { w: { shape: [8, 8], dtype: 'float32' as const, data: new Float32Array(64) } };
  const step = ({ w }: { w: tf.Tensor }) => ({
    state: { w: tf.add(tf.tanh(tf.matMul(w as Tensor2D, w as Tensor2D)), 1) },
    outputs: {},
  });

  test('is profiled by its operations', async () => {
    const { rows, steps } = await profileStep(
      step,
      { state, batch: {} },
      {},
      {
        inProcess: true,
        threads: 1,
        steps: 2,
      },
    );
    const calls = Object.fromEntries(rows.map((row) => [row.op, row.calls]));
    expect(calls).toMatchObject({ MatMul: 1, Tanh: 1, Add: 1 });
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(steps).toBe(2);
  });

  test('by tfjs has no profile', async () => {
    const profiling = profileStep(step, { state, batch: {} }, {}, { device: 'tfjs' });
    await expect(profiling).rejects.toThrow(/Device 'tfjs' has no profile/);
  });
});
