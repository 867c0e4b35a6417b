/** The gradient of a gradient is right for every kernel that has one. */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import { compare } from '../parity.ts';
import { secondOf, secondOrderError } from '../second-order.ts';
import { CASES } from './cases/index.ts';

/** Central differences in float32 are no more exact than this. */
const DIFFERENCES = 1e-2;
const EAGER = 1e-4;

const smooth = Object.values(CASES)
  .flat()
  .filter((c) => c.gradient !== false);

describe('the gradient of the gradient', () => {
  test.each(smooth.map((c) => [c.name, c] as const))(
    'of %s equals finite differences, and eager tfjs',
    async (_name, c) => {
      expect(await secondOrderError(c.fn, c.inputs)).toBeLessThan(DIFFERENCES);
      const { shapes, error } = await compare(secondOf(c.fn), c.inputs);
      expect(shapes.graph).toBe(shapes.reference);
      expect(error).toBeLessThan(EAGER);
    },
  );
});
