/** Optimizers against closed forms, and against the update rules written out for one number in double precision. */
import { describe, expect, test } from '@jest/globals';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import {
  adam,
  clipByGlobalNorm,
  compileStep,
  type HostTensor,
  movingAverage,
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

/** Runs an optimizer on gradients that are given for each step; resolves to the parameters after each. */
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
    const decay = schedules.stepDecay([0.4, 0.8]);
    const rate = (step: number) => 0.1 * decay(step / 5);
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
});

test('the moving average of a parameter that jumps once follows 1 - decay^t', async () => {
  const compiled = await compileStep(
    ({ w }) => ({ state: movingAverage({ w }, { w: tf.tensor1d([1]) }, 0.9), outputs: {} }),
    { state: { w: vector(0) }, batch: {} },
    { inProcess: true },
  );
  for (let step = 0; step < 5; step++) await compiled.run({});
  expect((await compiled.readState()).w.data[0]).toBeCloseTo(1 - 0.9 ** 5, 6);
  await compiled.dispose();
});

test('a moving average whose decay enters with the batch', async () => {
  const compiled = await compileStep(
    ({ w }, { next, decay }) => {
      const average = movingAverage({ w }, { w: next }, decay as Scalar);
      return { state: average, outputs: average };
    },
    { state: { w: vector(5) }, batch: { next: vector(0), decay: scalarSpec } },
    { inProcess: true },
  );
  const averages: (number | undefined)[] = [];
  for (const [next, decay] of [[1, 0] as const, [5, 0.25] as const, [0, 1] as const]) {
    const batch = { next: Float32Array.of(next), decay: Float32Array.of(decay) };
    averages.push((await compiled.run(batch)).w?.data[0]);
  }
  expect(averages).toEqual([1, 4, 4]);
  await compiled.dispose();
});

describe('schedules', () => {
  test('steps down at each milestone', () => {
    const decay = schedules.stepDecay([0.5, 0.75]);
    expect([0, 0.49, 0.5, 0.74, 0.75].map(decay)).toEqual([
      1,
      1,
      0.1,
      0.1,
      expect.closeTo(0.01, 12),
    ]);
  });

  test('half a cosine: whole, half, nothing', () => {
    expect([0, 0.5, 1].map(schedules.cosineDecay)).toEqual([1, expect.closeTo(0.5, 12), 0]);
  });

  test('a line, from the beginning or from later on', () => {
    expect([0, 0.25, 0.5, 1].map(schedules.linearDecay())).toEqual([1, 0.75, 0.5, 0]);
    expect([0, 0.5, 0.75, 1].map(schedules.linearDecay(0.5))).toEqual([1, 1, 0.5, 0]);
  });

  test('a constant', () => {
    expect([0, 0.5, 1].map(schedules.constant)).toEqual([1, 1, 1]);
  });

  test('warm-up raises the first steps in equal parts; without steps there is none', () => {
    expect([0, 1, 3, 4].map((step) => schedules.warmUp(step, 4))).toEqual([0.25, 0.5, 1, 1]);
    expect(schedules.warmUp(0, 0)).toBe(1);
  });

  test('an average keeps nothing at first, then more and more, up to its decay', () => {
    const decayAt = (step: number) => schedules.averageDecayAt(step, 0.9, 100);
    expect([0, 99, 100, 102, 10_000].map(decayAt)).toEqual([0, 0, 0.25, 0.5, 0.9]);
  });
});

describe('a course that is fitted anew', () => {
  const course = schedules.wholeCourse(100);
  const shorter = schedules.refitted(course, 40, 60);

  test('goes on where it was, and ends with its steps', () => {
    expect(schedules.progressAt(shorter, 40)).toBe(schedules.progressAt(course, 40));
    expect(schedules.progressAt(shorter, 50)).toBeCloseTo(0.7, 12);
    expect(schedules.progressAt(shorter, 60)).toBe(1);
  });

  test('can be fitted once more', () => {
    const longer = schedules.refitted(shorter, 50, 80);
    expect(schedules.progressAt(longer, 50)).toBeCloseTo(0.7, 12);
    expect(schedules.progressAt(longer, 80)).toBe(1);
  });
});
