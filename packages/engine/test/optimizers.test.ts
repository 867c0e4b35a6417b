/** Optimisers against closed forms, and against the update rules written out for one number in double precision. */
import { describe, expect, test } from '@jest/globals';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import {
  accumulate,
  accumulation,
  adam,
  clipByGlobalNorm,
  clipByValue,
  compileStep,
  ema,
  type HostTensor,
  type Optimizer,
  type Rate,
  schedules,
  sgd,
  type Tree,
  tf,
} from '../src/index.ts';

const vector = (...values: number[]): HostTensor => ({
  shape: [values.length],
  dtype: 'float32',
  data: Float32Array.from(values),
});

const scalarSpec = { shape: [], dtype: 'float32' as const };
type Params = Record<string, HostTensor>;

/** Runs an optimiser on gradients that are given for each step; resolves to the parameters after each. */
async function updates(
  create: (rate: Rate) => Optimizer,
  params: Params,
  gradients: readonly Params[],
  rate: (step: number) => number = () => 0.1,
): Promise<Record<string, number[]>[]> {
  const { init } = create(0);
  const compiled = await compileStep(
    (state, batch) => {
      const optimizer = create(batch.rate as Scalar);
      const { params, slots } = state as unknown as Record<string, Tree<Tensor>>;
      const next = optimizer.update(batch.gradients as Tree<Tensor>, slots ?? {}, params ?? {});
      return { state: next, outputs: next.params };
    },
    {
      state: { params: params as Tree<HostTensor>, slots: init(params) },
      batch: { gradients: params as Tree<HostTensor>, rate: scalarSpec },
    },
    { inProcess: true, threads: 1 },
  );
  const results: Record<string, number[]>[] = [];
  for (const [step, given] of gradients.entries()) {
    const outputs = await compiled.run({ gradients: given, rate: Float32Array.of(rate(step)) });
    results.push(
      Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, Array.from(t.data)])),
    );
  }
  await compiled.dispose();
  return results;
}

/** Gradients that change sign and size: 5 steps of one number. */
const GRADIENTS = [0.5, -1.25, 3, 0.001, -0.2];
const sequence = GRADIENTS.map((g) => ({ w: vector(g) }));

async function expectPath(
  create: (rate: Rate) => Optimizer,
  rule: (p: number, g: number, t: number) => number,
  rate?: (step: number) => number,
) {
  const path = await updates(create, { w: vector(2) }, sequence, rate);
  let p = 2;
  for (const [step, { w }] of path.entries()) {
    p = rule(p, GRADIENTS[step] as number, step + 1);
    expect(w?.[0]).toBeCloseTo(p, 5);
  }
}

describe('SGD', () => {
  test('plain: p -= lr g', () =>
    expectPath(
      (learningRate) => sgd({ learningRate }),
      (p, g) => p - 0.1 * g,
    ));

  test('with momentum and decay, as PyTorch: v = m v + (g + d p); p -= lr v', () => {
    let v = 0;
    return expectPath(
      (learningRate) => sgd({ learningRate, momentum: 0.9, weightDecay: 0.05 }),
      (p, g) => {
        v = 0.9 * v + g + 0.05 * p;
        return p - 0.1 * v;
      },
    );
  });

  test('a schedule changes the step alone, not the velocity', () => {
    let v = 0;
    const rate = schedules.stepDecay({ rate: 0.1, milestones: [2, 4] });
    return expectPath(
      (learningRate) => sgd({ learningRate, momentum: 0.9 }),
      (p, g, t) => {
        v = 0.9 * v + g;
        return p - rate(t - 1) * v;
      },
      rate,
    );
  });

  test('on p^2 / 2 it shrinks p by (1 - lr)^t', async () => {
    const optimizer = sgd({ learningRate: 0.25 });
    const compiled = await compileStep(
      (state) => {
        const { params } = optimizer.update({ p: state.p }, {}, { p: state.p });
        return { state: params, outputs: {} };
      },
      { state: { p: vector(8) }, batch: {} },
      { inProcess: true },
    );
    for (let step = 0; step < 6; step++) await compiled.run({});
    expect((await compiled.readState()).p.data[0]).toBeCloseTo(8 * 0.75 ** 6, 5);
    await compiled.dispose();
  });
});

describe('Adam', () => {
  test('corrects its first averages to single precision, although 0.999 is next to 1', async () => {
    const first = { w: vector(1) };
    const create = (learningRate: Rate) => adam({ learningRate });
    const [after] = await updates(create, { w: vector(0) }, [first], () => 1);
    // m and v are a tenth and a thousandth of the gradient 1: corrected they are 1, and so is the step.
    expect((after as { w: number[] }).w[0]).toBeCloseTo(-1, 6);
  });

  test('moves by the rate against the sign of the first gradient, whatever its size', async () => {
    const first = { w: vector(1e-3, -1, 1e4) };
    const [after] = await updates(
      (learningRate) => adam({ learningRate }),
      { w: vector(0, 0, 0) },
      [first],
    );
    for (const [i, expected] of [-0.1, 0.1, -0.1].entries()) {
      expect(after?.w?.[i]).toBeCloseTo(expected, 4);
    }
  });

  test('follows the rule of Kingma and Ba with bias correction', () => {
    let [m, v] = [0, 0];
    return expectPath(
      (learningRate) => adam({ learningRate, beta1: 0.5, beta2: 0.99, epsilon: 1e-3 }),
      (p, g, t) => {
        m = 0.5 * m + 0.5 * g;
        v = 0.99 * v + 0.01 * g * g;
        return p - (0.1 * (m / (1 - 0.5 ** t))) / (Math.sqrt(v / (1 - 0.99 ** t)) + 1e-3);
      },
    );
  });

  test('decay is decoupled: it shrinks parameters and leaves the moments alone', async () => {
    const still = [{ w: vector(0) }, { w: vector(0) }];
    const path = await updates(
      (learningRate) => adam({ learningRate, weightDecay: 0.5 }),
      { w: vector(4) },
      still,
    );
    expect(path.map(({ w }) => w?.[0])).toEqual([
      expect.closeTo(4 * 0.95, 5),
      expect.closeTo(4 * 0.95 ** 2, 5),
    ]);
  });
});

describe("groups, told by the parameter's name", () => {
  const isBias = (name: string) => name.endsWith('bias');
  const params = { weight: vector(1), bias: vector(1) };
  const gradients = [{ weight: vector(1), bias: vector(1) }];

  test('decay by group: none for biases', async () => {
    const weightDecay = (name: string) => (isBias(name) ? 0 : 0.5);
    const [after] = await updates(
      (learningRate) => sgd({ learningRate, weightDecay }),
      params,
      gradients,
    );
    expect(after?.weight?.[0]).toBeCloseTo(1 - 0.1 * 1.5, 6);
    expect(after?.bias?.[0]).toBeCloseTo(1 - 0.1, 6);
  });

  test.each([
    ['sgd', sgd],
    ['adam', adam],
  ])('%s: twice the rate for biases', async (_name, optimizer) => {
    const rateScale = (name: string) => (isBias(name) ? 2 : 1);
    const [after] = await updates(
      (learningRate) => optimizer({ learningRate, rateScale }),
      params,
      gradients,
    );
    expect(after?.weight?.[0]).toBeCloseTo(0.9, 5);
    expect(after?.bias?.[0]).toBeCloseTo(0.8, 5);
  });
});

/** The value of a function of tensors, on the engine. */
async function evaluate(fn: () => Tree<Tensor>): Promise<Record<string, number[]>> {
  const compiled = await compileStep(
    () => ({ state: {}, outputs: fn() }),
    { state: {}, batch: {} },
    { inProcess: true },
  );
  const outputs = await compiled.run({});
  await compiled.dispose();
  return Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, Array.from(t.data)]));
}

describe('clipping', () => {
  // The norm over both is 13.
  const gradients = () => ({ a: tf.tensor1d([3, 4]), b: tf.tensor1d([12]) });

  test('by the global norm scales all tensors by one factor', async () => {
    const { a, b } = await evaluate(() => clipByGlobalNorm(gradients(), 6.5));
    expect(a).toEqual([expect.closeTo(1.5, 5), expect.closeTo(2, 5)]);
    expect(b).toEqual([expect.closeTo(6, 5)]);
  });

  test('leaves gradients below the norm as they are', async () => {
    expect(await evaluate(() => clipByGlobalNorm(gradients(), 13.1))).toEqual({
      a: [3, 4],
      b: [12],
    });
  });

  test('by value cuts each element', async () => {
    expect(await evaluate(() => clipByValue(gradients(), 3.5))).toEqual({ a: [3, 3.5], b: [3.5] });
  });
});

test('the moving average of a parameter that jumps once follows 1 - decay^t', async () => {
  const { init, update } = ema({ decay: 0.9 });
  const compiled = await compileStep(
    (state) => ({ state: update({ w: state.w }, { w: tf.tensor1d([1]) }), outputs: {} }),
    { state: init({ w: vector(0) }), batch: {} },
    { inProcess: true },
  );
  for (let step = 0; step < 5; step++) await compiled.run({});
  expect((await compiled.readState()).w.data[0]).toBeCloseTo(1 - 0.9 ** 5, 6);
  await compiled.dispose();
});

describe('accumulation', () => {
  test('parts of a batch add up to their mean', async () => {
    const mean = await evaluate(() => {
      const parts = [tf.tensor1d([1, 2]), tf.tensor1d([3, 6])].map((w) => ({ w }));
      const sum = parts.reduce((total, part) => accumulation.add(total, part));
      return accumulation.mean(sum, 2);
    });
    expect(mean).toEqual({ w: [2, 4] });
  });

  test('every third step moves the parameters, by the mean of three gradients', async () => {
    const given = [1, 2, 6, 4, 4, 4, 100].map((g) => ({ w: vector(g) }));
    const accumulated = await updates(
      (learningRate) => accumulate(sgd({ learningRate, momentum: 0.9 }), 3),
      { w: vector(0) },
      given,
    );
    const once = await updates(
      (learningRate) => sgd({ learningRate, momentum: 0.9 }),
      { w: vector(0) },
      [{ w: vector(3) }, { w: vector(4) }],
    );
    const [first, second] = once.map(({ w }) => w?.[0] as number) as [number, number];
    const path = accumulated.map(({ w }) => w?.[0] as number);
    expect(path.slice(0, 5)).toEqual([0, 0, expect.closeTo(first, 6), path[2], path[2]]);
    expect(path.slice(5)).toEqual([expect.closeTo(second, 6), path[5]]);
  });

  test('refuses a number of steps that is none', () => {
    expect(() => accumulate(sgd({ learningRate: 1 }), 0)).toThrow(/whole number from 1 up, got 0/);
  });
});

describe('schedules', () => {
  test('steps down at each milestone', () => {
    const rate = schedules.stepDecay({ rate: 1, milestones: [10, 20] });
    expect([0, 9, 10, 19, 20].map(rate)).toEqual([1, 1, 0.1, 0.1, expect.closeTo(0.01, 12)]);
  });

  test('half a cosine: whole, half, end, and the end from then on', () => {
    const rate = schedules.cosineDecay({ rate: 3, steps: 100, end: 1 });
    expect([0, 50, 100, 500].map(rate)).toEqual([3, expect.closeTo(2, 12), 1, 1]);
  });

  test('a line', () => {
    const rate = schedules.linearDecay({ rate: 2, steps: 4 });
    expect([0, 1, 2, 4, 9].map(rate)).toEqual([2, 1.5, 1, 0, 0]);
  });

  test('warm-up raises the first rates of any schedule', () => {
    const rate = schedules.warmup(schedules.constant(8), { steps: 4, from: 0.5 });
    expect([0, 2, 4, 5].map(rate)).toEqual([4, 6, 8, 8]);
  });
});
