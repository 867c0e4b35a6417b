/** No kernel and no gradient without a case: a new one must bring its own. */
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from '@jest/globals';
import { KERNELS } from '../../src/kernels/index.ts';
import type { Kernel } from '../../src/kernels/kernel.ts';
import { gradientOf } from '../parity.ts';
import { graphOf } from '../run-graph.ts';
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
