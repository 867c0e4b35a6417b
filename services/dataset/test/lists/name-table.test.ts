import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NameTable, nameProblem } from '../../src/lists/name-table.ts';

const find = (table: NameTable, name: string) => {
  const bytes = Buffer.from(name);
  return table.find(bytes, 0, bytes.length);
};
const add = (table: NameTable, name: string) => {
  const bytes = Buffer.from(name);
  return table.add(bytes, 0, bytes.length);
};

describe('NameTable', () => {
  test('finds what was added and nothing else, asked in any order', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 200 }), fc.array(name), (names, others) => {
        const table = new NameTable();
        for (const [place, each] of names.entries()) expect(add(table, each)).toBe(place);
        table.rewind();
        for (const each of [...names, ...others, ...[...names].reverse()]) {
          expect(find(table, each)).toBe(names.indexOf(each));
        }
        expect(names.map((_, place) => table.text(place))).toEqual(names);
      }),
      { numRuns: 60 },
    );
  });

  test('keeps many names apart', () => {
    const table = new NameTable();
    for (let i = 0; i < 50_000; i += 1) add(table, `img/folder_${i % 997}/img_${i}.jpg`);
    expect(find(table, 'img/folder_0/img_0.jpg')).toBe(0);
    expect(find(table, `img/folder_${49_999 % 997}/img_49999.jpg`)).toBe(49_999);
    expect(find(table, 'img/folder_1/img_0.jpg')).toBe(-1);
  });

  test('finds the first of names that differ in their capitals only', () => {
    const table = new NameTable();
    add(table, 'img/Dress/1.jpg');
    add(table, 'img/dress/1.jpg');
    expect(table.findIgnoringCase('IMG/DRESS/1.JPG')).toBe(0);
    expect(table.findIgnoringCase('img/dress/2.jpg')).toBe(-1);
  });
});

describe('nameProblem', () => {
  const problem = (bytes: Buffer) => nameProblem(bytes, 0, bytes.length);

  test.each(['../secret.jpg', 'a/../../b.jpg', '/etc/passwd', 'C:/x.jpg', 'a//b.jpg', 'a/', '.'])(
    'refuses %s, which is no path below a folder',
    (name) => {
      expect(problem(Buffer.from(name))).toContain('no path below');
    },
  );

  test('refuses what is no text', () => {
    expect(problem(Buffer.from('a\u0001.jpg'))).toContain('control character');
    expect(problem(Buffer.from([97, 0xff, 0xfe]))).toContain('no UTF-8');
    expect(problem(Buffer.alloc(2000, 'a'))).toContain('1024');
  });

  test.each(['img/a.jpg', 'img/Élégante/…/1.jpg', '..hidden/a..b.jpg'])('takes %s', (name) => {
    expect(problem(Buffer.from(name))).toBeNull();
  });
});
