/** A compiled step: its state, its outputs, what it refuses, and what it keeps when a step fails. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  CheckpointMismatchError,
  type CompileOptions,
  compileFunction,
  compileStep,
  createRandom,
  type HostTensor,
  loadWeights,
  NonFiniteError,
  restoreRandom,
  saveWeights,
  tf,
  unflattenTree,
} from '../src/index.ts';
import { batchSpec, type DcganState, drawBatch, initialState, step } from './dcgan.ts';

const float32 = (shape: number[], ...values: number[]): HostTensor => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from(values),
});
const spec = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

/** The ways in which one and the same step runs. */
const ways: [string, CompileOptions][] = [
  ['onnxruntime on a worker thread', { threads: 2 }],
  ['onnxruntime on this thread', { inProcess: true, threads: 1 }],
  ['tfjs, operation by operation', { device: 'tfjs' }],
];

/** w += x; the output is log(w), which is no number where w falls below 0. */
const compileSum = (options: CompileOptions) =>
  compileStep(
    ({ layer }, { x }) => {
      const w = tf.add(layer.w, x);
      return { state: { layer: { w } }, outputs: { log: tf.log(w) } };
    },
    { state: { layer: { w: float32([2], 1, 2) } }, batch: { x: spec(2) } },
    options,
  );

describe.each(ways)('a step by %s', (_name, options) => {
  test('holds its state, which each run replaces', async () => {
    const sum = await compileSum(options);
    const { log } = await sum.run({ x: Float32Array.of(0, 1) });
    expect(log).toMatchObject({ shape: [2], dtype: 'float32' });
    expect(Array.from(log?.data ?? [])).toEqual([0, expect.closeTo(Math.log(3), 6)]);
    await sum.run({ x: float32([2], 10, 10) });
    expect(await sum.readState()).toEqual({ layer: { w: float32([2], 11, 13) } });
    await sum.dispose();
  });

  test('what was read stays as it was, and what is written is copied', async () => {
    const sum = await compileSum(options);
    const before = await sum.readState();
    const other = { layer: { w: float32([2], 5, 5) } };
    await sum.writeState(other);
    other.layer.w.data.fill(0);
    await sum.run({ x: Float32Array.of(1, 1) });
    expect(before).toEqual({ layer: { w: float32([2], 1, 2) } });
    expect(await sum.readState()).toEqual({ layer: { w: float32([2], 6, 6) } });
    await sum.dispose();
  });

  test('a batch with no number in it: step and tensor are named, the state before it is kept', async () => {
    const sum = await compileSum(options);
    await sum.run({ x: Float32Array.of(1, 1) });
    const failing = sum.run({ x: Float32Array.of(0, Number.NaN) });
    await expect(failing).rejects.toThrow(NonFiniteError);
    await expect(failing).rejects.toMatchObject({ code: 'NON_FINITE', step: 2, tensor: 'x' });
    expect(await sum.readState()).toEqual({ layer: { w: float32([2], 2, 3) } });
    await sum.run({ x: Float32Array.of(1, 1) });
    expect(await sum.readState()).toEqual({ layer: { w: float32([2], 3, 4) } });
    await sum.dispose();
  });

  test('a number that is lost within the step: the output is named, the state before it is kept', async () => {
    const sum = await compileSum(options);
    const failing = sum.run({ x: Float32Array.of(-5, 0) });
    await expect(failing).rejects.toMatchObject({ step: 1, tensor: 'log' });
    expect(await sum.readState()).toEqual({ layer: { w: float32([2], 1, 2) } });
    await sum.dispose();
  });

  test('a number that is lost in the state alone: the tensor of the state is named', async () => {
    const compiled = await compileStep(
      ({ kept, lost }, { x }) => ({ state: { kept, lost: tf.div(lost, x) }, outputs: {} }),
      { state: { kept: float32([1], 1), lost: float32([1], 1) }, batch: { x: spec(1) } },
      options,
    );
    const failing = compiled.run({ x: Float32Array.of(0) });
    await expect(failing).rejects.toMatchObject({ step: 1, tensor: 'lost' });
    expect((await compiled.readState()).lost.data[0]).toBe(1);
    await compiled.dispose();
  });

  test.each<[string, object, RegExp]>([
    ['of another size', { x: new Float32Array(3) }, /'x': expected 2 elements but got 3/],
    [
      'of another shape',
      { x: float32([1, 2], 1, 2) },
      /'x': expected float32\[2\] but got float32\[1, 2\]/,
    ],
    [
      'of another type',
      { x: new Uint8Array(2) },
      /'x': expected data for float32 but got Uint8Array/,
    ],
    ['without a tensor', {}, /'x': expected float32\[2\] but got none/],
    [
      'with a tensor too many',
      { x: new Float32Array(2), y: new Float32Array(1) },
      /'y': expected no such tensor/,
    ],
  ])('a batch %s is refused by name', async (_case, batch, message) => {
    const sum = await compileSum(options);
    await expect(sum.run(batch as never)).rejects.toThrow(message);
    await sum.dispose();
  });

  test('a state that does not fit is refused with everything that is wrong, and nothing is written', async () => {
    const state = { a: float32([1], 1), b: float32([2], 1, 2), c: float32([2], 3, 4) };
    const compiled = await compileStep(
      (s) => ({ state: s, outputs: {} }),
      { state, batch: {} },
      options,
    );
    const wrong = {
      a: float32([1], 9),
      b: { ...float32([2], 1), shape: [2] },
      c: { shape: [2], dtype: 'int32' as const, data: new Int32Array(2) },
      d: float32([1], 1),
    };
    const { a, ...rest } = wrong;
    const writing = compiled.writeState(rest);
    await expect(writing).rejects.toThrow(CheckpointMismatchError);
    await expect(writing).rejects.toMatchObject({
      difference: {
        missing: ['a'],
        unexpected: ['d'],
        misshaped: ['b (float32[2] of 1 elements for float32[2])', 'c (int32[2] for float32[2])'],
      },
    });
    await expect(compiled.writeState({ ...rest, a })).rejects.toThrow(/c \(int32\[2\]/);
    expect(await compiled.readState()).toEqual(state);
    await compiled.dispose();
  });

  test('a next state that is not the state is refused', async () => {
    const state = { w: float32([2], 1, 2) };
    const compile = async (next: (w: tf.Tensor) => Record<string, tf.Tensor>) => {
      const compiled = await compileStep(
        ({ w }) => ({ state: next(w), outputs: {} }),
        { state, batch: {} },
        options,
      );
      try {
        await compiled.run({});
      } finally {
        await compiled.dispose();
      }
    };
    await expect(compile(() => ({}))).rejects.toThrow(/State 'w': expected a tensor but got none/);
    await expect(compile((w) => ({ w: tf.sum(w) }))).rejects.toThrow(
      /State 'w': expected float32\[2\] but got float32\[\]/,
    );
    await expect(compile((w) => ({ w, v: w }))).rejects.toThrow(
      /State 'v': expected no such tensor/,
    );
  });

  test('after dispose it says so', async () => {
    const sum = await compileSum(options);
    await sum.dispose();
    await sum.dispose();
    await expect(sum.run({ x: new Float32Array(2) })).rejects.toThrow(/was disposed/);
  });

  test('a function runs with its weights inside', async () => {
    const double = await compileFunction(
      ({ w }, { x }) => ({ y: tf.mul(w, x) }),
      { params: { w: float32([2], 2, 3) }, inputs: { x: spec(2) } },
      options,
    );
    const { y } = await double.run({ x: Float32Array.of(5, 7) });
    expect(y).toEqual(float32([2], 10, 21));
    await double.dispose();
  });
});

test('the event loop turns while a step runs on its worker', async () => {
  const compiled = await compileSum({ threads: 1 });
  let turns = 0;
  let isRunning = true;
  const count = () => {
    turns++;
    if (isRunning) setImmediate(count);
  };
  setImmediate(count);
  await compiled.run({ x: new Float32Array(2) });
  isRunning = false;
  expect(turns).toBeGreaterThan(0);
  await compiled.dispose();
});

test('a worker that is not where it should be is named', async () => {
  await expect(
    compileSum({ workerUrl: new URL('file:///nowhere/engine-worker.js') }),
  ).rejects.toThrow(/The engine's worker failed.*nowhere/s);
});

describe('a training that was interrupted', () => {
  const size = { latent: 8, width: 4, batch: 4 };
  const compile = (state: DcganState) =>
    compileStep(step as never, { state, batch: batchSpec(size) } as never, { threads: 2 });

  test('goes on from its file bit for bit: k steps, save, load, k steps are 2k steps', async () => {
    const k = 5;
    const folder = await mkdtemp(path.join(tmpdir(), 'resume-'));
    const file = path.join(folder, 'checkpoint.safetensors');

    const whole = await compile(initialState(size));
    const random = createRandom('noise');
    const losses = [];
    for (let i = 0; i < 2 * k; i++) losses.push(await whole.run(drawBatch(random, size)));
    const expected = await whole.readState();
    await whole.dispose();

    const first = await compile(initialState(size));
    const drawn = createRandom('noise');
    for (let i = 0; i < k; i++) await first.run(drawBatch(drawn, size));
    await saveWeights(file, await first.readState(), { random: JSON.stringify(drawn.state()) });
    await first.dispose();

    const { tensors, metadata } = await loadWeights(file, initialState(size) as never);
    const second = await compile(unflattenTree(tensors, initialState(size) as never) as never);
    const restored = restoreRandom(JSON.parse(metadata.random ?? ''));
    const resumed = [];
    for (let i = 0; i < k; i++) resumed.push(await second.run(drawBatch(restored, size)));
    // toEqual compares typed arrays element by element, exactly.
    expect(resumed).toEqual(losses.slice(k));
    expect(await second.readState()).toEqual(expected);
    await second.dispose();
    await rm(folder, { recursive: true });
  });
});
