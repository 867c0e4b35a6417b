import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import { compare, finiteDifferenceError, gradientOf } from '../parity.ts';
import {
  type Case,
  convolutionCases,
  elementwiseCases,
  movementCases,
  reductionCases,
  samplingCases,
} from './cases.ts';

const FORWARD = 2e-6;
const BACKWARD = 1e-5;

const families: Record<string, Case[]> = {
  elementwise: elementwiseCases,
  reduction: reductionCases,
  movement: movementCases,
  'convolution and matrix products': convolutionCases,
  'pooling, resizing, gathering and detection': samplingCases,
};

describe.each(Object.entries(families))('%s kernels through ONNX', (_family, cases) => {
  test.each(cases.map((c) => [c.name, c] as const))('%s equals eager tfjs', async (_name, c) => {
    const { shapes, error } = await compare(c.fn, c.inputs);
    expect(shapes.graph).toBe(shapes.reference);
    expect(error).toBeLessThan(FORWARD);
  });

  const smooth = cases.filter((c) => c.gradient !== false);
  test.each(smooth.map((c) => [c.name, c] as const))(
    'the gradient of %s equals eager tfjs and finite differences',
    async (_name, c) => {
      const { shapes, error } = await compare(gradientOf(c.fn), c.inputs);
      expect(shapes.graph).toBe(shapes.reference);
      expect(error).toBeLessThan(BACKWARD);
      expect(await finiteDifferenceError(c.fn, c.inputs)).toBeLessThan(2e-2);
    },
  );
});
