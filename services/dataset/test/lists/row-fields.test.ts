import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RowFields } from '../../src/lists/row-fields.ts';

function fieldsOf(text: string): RowFields {
  const bytes = Buffer.from(text);
  const fields = new RowFields();
  fields.read(bytes, 0, bytes.length);
  return fields;
}

describe('RowFields', () => {
  test('separates fields at runs of spaces and tabs, as splitting a trimmed row does', () => {
    const word = fc.stringMatching(/^[!-~]{1,12}$/);
    const gap = fc.stringMatching(/^[ \t]{1,5}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, word), { maxLength: 60 }), gap, (parts, end) => {
        const text = parts.flat().join('') + end;
        const fields = fieldsOf(text);
        expect(Array.from({ length: fields.count }, (_, i) => fields.text(i))).toEqual(
          text.split(/\s+/).filter((field) => field !== ''),
        );
      }),
    );
  });

  test('reads whole numbers in base 10, whatever their leading zeros', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(4), (value, zeros) => {
        const digits = '0'.repeat(zeros) + Math.abs(value);
        expect(fieldsOf((value < 0 ? '-' : '') + digits).integer(0)).toBe(value);
      }),
    );
  });

  test.each(['1.0', '1e3', '0x10', '-', '+', '12a', '1234567890', 'NaN', '½'])(
    'says that %s is no whole number',
    (text) => {
      expect(fieldsOf(text).integer(0)).toBeNaN();
    },
  );

  // "08" is 8: octal readings stop at the 8.
  test.each([
    ['072', 72],
    ['08', 8],
    ['+5', 5],
    ['000', 0],
    ['-1', -1],
  ])('reads %s as %d', (text, value) => {
    expect(fieldsOf(text).integer(0)).toBe(value);
  });
});
