import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firstOrder, orderedBy, orderedByDescending } from '../src/stable-order.ts';

test('rows go by a small key, equal ones as they came', () => {
  expect([...orderedBy(Int32Array.of(4, 3, 2, 1, 0), [1, 0, 1, 2, 0], 3)]).toEqual([4, 1, 2, 0, 3]);
});

test('any numbers come highest first, equal ones (0 and -0 too) as they came', () => {
  const numbers = fc.array(
    fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 0.5, -0.5, 1)),
  );
  fc.assert(
    fc.property(numbers, (values) => {
      const order = orderedByDescending(firstOrder(values.length), Float64Array.from(values));
      const expected = [...values.keys()].sort((one, other) => {
        const [a, b] = [values[one] as number, values[other] as number];
        return a === b ? one - other : b > a ? 1 : -1;
      });
      expect([...order]).toEqual(expected);
    }),
  );
});
