/** No kernel and no gradient without a case: a new one must bring its own. */
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from '@jest/globals';
import type { Gradient } from '../../src/gradients/gradient.ts';
import { GRADIENTS } from '../../src/gradients/index.ts';
import { KERNELS } from '../../src/kernels/index.ts';
import type { Kernel } from '../../src/kernels/kernel.ts';
import { gradientOf } from '../parity.ts';
import { graphOf } from '../run-graph.ts';
import { secondOf } from '../second-order.ts';
import { CASES } from './cases/index.ts';

test('every kernel is run by a case', () => {
  const used = new Set<string>();
  const table = KERNELS as Record<string, Kernel>;
  // Before the first trace registers them.
  for (const [name, kernel] of Object.entries(table)) {
    table[name] = (call) => {
      used.add(name);
      return kernel(call);
    };
  }
  for (const { fn, inputs, gradient } of Object.values(CASES).flat()) {
    graphOf(fn, inputs);
    if (gradient !== false) graphOf(gradientOf(fn), inputs);
  }
  expect(Object.keys(KERNELS).filter((name) => !used.has(name))).toEqual([]);
});

/** Their gradient is zero, so that there is nothing to differentiate. */
const STEPPED = ['Ceil', 'Floor', 'Round', 'Sign', 'Step', 'ZerosLike', 'OnesLike'];

test('every gradient is differentiated by a case', () => {
  const used = new Set<string>();
  const table = GRADIENTS as Record<string, Gradient>;
  // The next trace registers them.
  for (const [name, gradient] of Object.entries(table)) {
    const gradFunc: Gradient['gradFunc'] = (...args) => {
      used.add(name);
      return gradient.gradFunc(...args);
    };
    table[name] = { ...gradient, gradFunc };
  }
  for (const { fn, inputs, gradient } of Object.values(CASES).flat()) {
    if (gradient !== false) graphOf(secondOf(fn), inputs);
  }
  expect(Object.keys(GRADIENTS).filter((name) => !used.has(name))).toEqual(STEPPED);
});
