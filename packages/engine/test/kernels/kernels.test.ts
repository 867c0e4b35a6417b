import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import { compare, finiteDifferenceError, gradientOf } from '../parity.ts';
import { CASES } from './cases/index.ts';

const FORWARD = 2e-6;
const BACKWARD = 1e-5;
/** Central differences in float32 are no more exact than this. */
const DIFFERENCES = 2e-2;

describe.each(Object.entries(CASES))('%s kernels through ONNX', (_family, cases) => {
  test.each(cases.map((c) => [c.name, c] as const))('%s equals eager tfjs', async (_name, c) => {
    const { shapes, error } = await compare(c.fn, c.inputs);
    expect(shapes.graph).toBe(shapes.reference);
    expect(error).toBeLessThan(FORWARD);
  });

  const smooth = cases.filter((c) => c.gradient !== false);
  test.each(smooth.map((c) => [c.name, c] as const))(
    'the gradient of %s equals finite differences, and eager tfjs',
    async (_name, c) => {
      expect(await finiteDifferenceError(c.fn, c.inputs)).toBeLessThan(DIFFERENCES);
      const { shapes, error } = await compare(gradientOf(c.fn), c.inputs);
      expect(shapes.graph).toBe(shapes.reference);
      expect(error).toBeLessThan(BACKWARD);
    },
  );
});
