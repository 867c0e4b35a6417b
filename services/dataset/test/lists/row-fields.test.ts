import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RowFields } from '../../src/lists/row-fields.ts';

function fieldsOf(text: string, mostFields?: number): RowFields {
  const bytes = Buffer.from(`${text}\nthe next line\n`);
  const fields = new RowFields(mostFields);
  expect(fields.read(bytes, 0, bytes.length - 1)).toBe(Buffer.byteLength(text));
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

  test('leaves what follows the fields that are wanted, up to the end of the row', () => {
    const fields = fieldsOf('  a.jpg  -1  1', 1);
    expect([fields.count, fields.text(0), fields.lineStart, fields.lineEnd]).toEqual([
      1,
      'a.jpg',
      0,
      14,
    ]);
  });

  test('takes a first field whose end is known as it is', () => {
    const fields = new RowFields();
    const bytes = Buffer.from('a.jpg 12 x\n');
    expect(fields.read(bytes, 0, 10, 5)).toBe(10);
    expect([fields.text(0), fields.integer(1), fields.text(2), fields.isFirstKnown]).toEqual([
      'a.jpg',
      12,
      'x',
      true,
    ]);
  });

  test('tells a field from a text that it begins with', () => {
    const fields = fieldsOf('train trains');
    expect(fields.isText(0, Buffer.from('train'))).toBe(true);
    expect(fields.isText(1, Buffer.from('train'))).toBe(false);
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
