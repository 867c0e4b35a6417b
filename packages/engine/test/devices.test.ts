/** One step, compiled by the same call for every device. */
import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import {
  type CompiledStep,
  type CompileOptions,
  compileFunction,
  compileStep,
  createRandom,
  type HostTensor,
  ProviderMissingError,
  tf,
} from '../src/index.ts';
import { batchSpec, drawBatch, initialState, step } from './dcgan.ts';
import { CASES } from './kernels/cases/index.ts';
import { draw, type Fn, gradientOf } from './parity.ts';

const SIZE = { latent: 8, width: 4, batch: 4 };

const compile = (options: CompileOptions, size = SIZE): Promise<CompiledStep> =>
  compileStep(
    step as never,
    { state: initialState(size), batch: batchSpec(size) } as never,
    options,
  );

async function train(
  options: CompileOptions,
  steps: number,
  size = SIZE,
): Promise<[number, number][]> {
  const compiled = await compile(options, size);
  const random = createRandom('batches');
  const losses: [number, number][] = [];
  for (let i = 0; i < steps; i++) {
    const outputs = await compiled.run(drawBatch(random, size));
    losses.push([outputs.discriminatorLoss?.data[0] ?? NaN, outputs.generatorLoss?.data[0] ?? NaN]);
  }
  await compiled.dispose();
  return losses;
}

/** Largest difference of the first steps' losses. */
const distance = (ours: [number, number][], theirs: [number, number][], steps: number): number =>
  Math.max(
    ...ours
      .slice(0, steps)
      .flatMap((pair, i) => pair.map((x, j) => Math.abs(x - (theirs[i]?.[j] ?? NaN)))),
  );

describe('the reference', () => {
  // The smallest there is: tfjs takes seconds for a step that onnxruntime does in milliseconds.
  const small = { latent: 2, width: 1, batch: 2 };

  test('a DCGAN step by tfjs has the losses of onnxruntime', async () => {
    const reference = await train({ device: 'tfjs' }, 1, small);
    const ours = await train({ inProcess: true, threads: 1 }, 1, small);
    expect(distance(reference, ours, 1)).toBeLessThan(1e-4);
  });
});

describe('a device that is not here says what to install', () => {
  test.each<[string, CompileOptions, RegExp]>([
    [
      'cuda',
      { device: 'cuda' },
      /'cuda' is not available here.*onnxruntime-node.*CUDA 12 and cuDNN 9, or use the device cpu/s,
    ],
    [
      'tfjs-node',
      { device: 'tfjs-node', tfjsNodeFolder: path.join(tmpdir(), 'nothing-here') },
      /'tfjs-node' is not available here.*@tensorflow\/tfjs-node.*scripts\/tfjs-node\/build\.sh --into .*nothing-here/s,
    ],
    [
      'tfjs-node-gpu',
      { device: 'tfjs-node-gpu', tfjsNodeFolder: path.join(tmpdir(), 'nothing-here') },
      /'tfjs-node-gpu' is not available.*build\.sh --gpu --into .*nothing-here/s,
    ],
  ])('%s', async (_device, options, message) => {
    const compiling = compile({ ...options, threads: 1 });
    await expect(compiling).rejects.toThrow(ProviderMissingError);
    await expect(compiling).rejects.toThrow(message);
  });
});

/** All outputs of a function, one after another. */
async function evaluate(fn: Fn, inputs: readonly HostTensor[], options: CompileOptions) {
  const named = Object.fromEntries(inputs.map((tensor, i) => [`i${i}`, tensor]));
  const compiled = await compileFunction(
    (_, given) => {
      const result = fn(...Object.values(given));
      const outputs = Array.isArray(result) ? result : [result];
      return Object.fromEntries(outputs.map((tensor, i) => [`o${i}`, tensor]));
    },
    { params: {}, inputs: named },
    options,
  );
  const outputs = await compiled.run(named);
  await compiled.dispose();
  return Object.values(outputs).flatMap(({ data }) => Array.from(data));
}

/** Largest |a - b| / (1 + |b|). */
function worst(actual: readonly number[], expected: readonly number[]): number {
  const errors = expected.map((b, i) => Math.abs((actual[i] ?? NaN) - b) / (1 + Math.abs(b)));
  return actual.length === expected.length ? Math.max(0, ...errors) : Infinity;
}

/** Where scripts/tfjs-node/build.sh puts the package. */
const tfjsNodeFolder = path.join(homedir(), '.cache', 'deepstyle', 'tfjs-node');
const addon = path.join(
  tfjsNodeFolder,
  'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node',
);
const isBuilt = existsSync(addon);
const title = isBuilt
  ? 'tfjs-node'
  : `tfjs-node (skipped: ${addon} is missing, scripts/tfjs-node/build.sh makes it)`;

(isBuilt ? describe : describe.skip)(title, () => {
  const device = { device: 'tfjs-node', tfjsNodeFolder } as const;

  test('trains DCGAN for 20 steps through the same call, with the first losses of onnxruntime', async () => {
    const losses = await train(device, 20);
    expect(losses.flat().every(Number.isFinite)).toBe(true);
    expect(distance(losses, await train({ inProcess: true, threads: 1 }, 2), 2)).toBeLessThan(1e-3);
  });

  test.each<[string, number, number]>([
    ['what same would choose', 2, 1],
    ['more on both sides', 1, 2],
    ['a rest that no window reaches', 2, 2],
  ])('numbers as padding: %s', async (_case, stride, pad) => {
    const inputs = [draw([2, 7, 6, 3], 7), draw([3, 3, 3, 4], 8)];
    const fn: Fn = (x, w) => {
      const y = tf.conv2d(x as Tensor4D, w as Tensor4D, stride, pad, 'NHWC', 1, 'floor');
      return tf.maxPool(y, 3, 2, 1, 'floor');
    };
    for (const each of [fn, gradientOf(fn)]) {
      const expected = await evaluate(each, inputs, { inProcess: true });
      expect(worst(await evaluate(each, inputs, device), expected)).toBeLessThan(1e-4);
    }
  });

  const cases = Object.values(CASES).flat();
  test.each(cases.map((each) => [each.name, each] as const))(
    '%s: value and gradient are those of the reference',
    async (_case, { fn, inputs, gradient }) => {
      await tf.setBackend('cpu');
      const functions = gradient === false ? [fn] : [fn, gradientOf(fn)];
      for (const each of functions) {
        const [expected, actual] = [
          await evaluate(each, inputs, { device: 'tfjs' }),
          await evaluate(each, inputs, device),
        ];
        expect(worst(actual, expected)).toBeLessThan(1e-4);
      }
    },
  );

  test('after it was loaded, graphs are traced as before', async () => {
    const before = await train({ inProcess: true, threads: 1 }, 1);
    await train(device, 1);
    expect(await train({ inProcess: true, threads: 1 }, 1)).toEqual(before);
  });
});
