import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPlainName, NameTable, nameProblem } from '../../src/lists/name-table.ts';

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

  test('knows the name that follows the last one found, where it stands whole', () => {
    const table = new NameTable();
    for (const name of ['img/a.jpg', 'img/b.jpg']) add(table, name);
    const at = (row: string) => table.expectedEnd(Buffer.from(row), 0);
    expect([at('img/a.jpg 1\n'), at('img/a.jpgs 1\n'), at('img/b.jpg 1\n')]).toEqual([9, -1, -1]);
    expect(table.takeExpected()).toBe(0);
    expect(at('img/b.jpg\n')).toBe(9);
    expect(find(table, 'img/b.jpg')).toBe(1);
    expect(at('img/a.jpg 1\n')).toBe(-1);
    table.rewind();
    expect(at('img/a.jpg 1\n')).toBe(9);
  });

  test('has the same names with room made before', () => {
    const table = new NameTable();
    table.reserve(3, 10);
    for (const name of ['a', 'bb', 'ccc', 'dddd', 'img/a_longer_one.jpg']) add(table, name);
    expect(['dddd', 'a', 'x'].map((name) => find(table, name))).toEqual([3, 0, -1]);
    expect(table.text(4)).toBe('img/a_longer_one.jpg');
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
    expect(table.findSimilar('IMG/DRESS/1.JPG')).toBe(0);
    expect(table.findSimilar('img/dress/2.jpg')).toBe(-1);
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

  test('lets no name pass as plain that is none', () => {
    const parts = fc.constantFrom('a', 'b.c', '.', '..', '', 'C:', '\\', 'é', '\u0001', ' ');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 5 }), (names) => {
        const bytes = Buffer.from(names.join('/'));
        if (isPlainName(bytes, 0, bytes.length)) expect(problem(bytes)).toBeNull();
      }),
    );
    const plain = Buffer.from('img/Sheer_Pleated-Front_Blouse/img_00000001.jpg');
    expect(isPlainName(plain, 0, plain.length)).toBe(true);
  });

  test.each(['img/a.jpg', 'img/Élégante/…/1.jpg', '..hidden/a..b.jpg'])('takes %s', (name) => {
    expect(problem(Buffer.from(name))).toBeNull();
  });
});
