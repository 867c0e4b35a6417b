import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JsonScanner } from '../../src/coco/json-scanner.ts';

/** All that a scanner tells of a text that comes in chunks of some size. */
function scan(text: string, chunkBytes: number) {
  const lists: Record<string, unknown[]> = {};
  const values: Record<string, unknown> = {};
  const lines: number[] = [];
  const scanner = new JsonScanner(
    'file.json',
    (key, index, bytes, start, end, line) => {
      const value = scanner.parse(bytes, start, end);
      if (index === null) values[key] = value;
      else {
        expect(index).toBe(lists[key]?.length);
        lists[key]?.push(value);
        lines.push(line);
      }
    },
    (key) => {
      lists[key] = [];
    },
  );
  const all = Buffer.from(text);
  let kept = Buffer.alloc(0);
  for (let at = 0; at < all.length; at += chunkBytes) {
    const bytes = Buffer.concat([kept, all.subarray(at, at + chunkBytes)]);
    kept = bytes.subarray(scanner.scan(bytes, kept.length, bytes.length));
  }
  scanner.finish();
  return { whole: { ...values, ...lists }, lines };
}

describe('JsonScanner', () => {
  test('finds what JSON.parse finds, wherever chunks end', () => {
    const key = fc.string({ minLength: 1, maxLength: 6 }).filter((name) => name !== '__proto__');
    const object = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 });
    fc.assert(
      fc.property(object, fc.integer({ min: 1, max: 40 }), fc.nat(3), (value, chunk, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(scan(text, chunk).whole).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    '{"a": [1, 2',
    '{"a": [1, 2]',
    '{"a": [1,, 2]}',
    '{"a": [1, 2,]}',
    '{"a" [1]}',
    '{"a": [1]] }',
    '{"a": 1, }',
    '{"a": }',
    '{"a": [{"b": 1]}',
    '{"a": 1} x',
    '{a: 1}',
    '{"a": nul}',
    '{"a": ["x]}',
    '',
    'not json',
  ])('refuses %s, as JSON.parse does', (text) => {
    expect(() => JSON.parse(text)).toThrow();
    for (const chunk of [1, 3, 1000]) expect(() => scan(text, chunk)).toThrow(/file\.json/);
  });

  test('refuses a list of results, which is JSON but holds no annotations', () => {
    expect(() => scan('[{"image_id": 1}]', 10)).toThrow('does not begin with "{"');
  });

  test('says on which line an element begins', () => {
    expect(scan('{\n"a": [\n1,\n\n{"x":\n2}, 3]}', 5).lines).toEqual([3, 5, 6]);
  });

  test('names the line of what is no JSON', () => {
    expect(() => scan('{\n"a": [1,\nfalsy]}', 4)).toThrow('file.json:3 is no JSON');
  });
});
