import { afterAll, describe, expect, test } from '@jest/globals';
import { readCategoryList } from '../../src/deepfashion/category-list.ts';
import { IrregularityReport } from '../../src/irregularity-report.ts';
import { createTestFolder } from '../drawn-deepfashion.ts';

const folder = createTestFolder();
afterAll(() => folder.remove());

/** The names in the order of the benchmark's list, which is alphabetical by type. */
const NAMES = {
  1: 'Anorak Blazer Blouse Bomber Button-Down Cardigan Flannel Halter Henley Hoodie Jacket Jersey Parka Peacoat Poncho Sweater Tank Tee Top Turtleneck',
  2: 'Capris Chinos Culottes Cutoffs Gauchos Jeans Jeggings Jodhpurs Joggers Leggings Sarong Shorts Skirt Sweatpants Sweatshorts Trunks',
  3: 'Caftan Cape Coat Coverup Dress Jumpsuit Kaftan Kimono Nightdress Onesie Robe Romper Shirtdress Sundress',
} as const;

async function read(rows: readonly string[]) {
  const report = new IrregularityReport({ strict: false });
  const name = 'Anno/list_category_cloth.txt';
  const text = [rows.length, 'category_name  category_type', ...rows, ''].join('\n');
  const list = await readCategoryList({ path: folder.write(name, text), name }, { report });
  return { ...list, codes: report.counts().map(({ code }) => code) };
}

describe("DeepFashion's list of categories", () => {
  const rows = Object.entries(NAMES).flatMap(([type, names]) =>
    names.split(' ').map((name) => `${name.padEnd(15)}${type}`),
  );

  test('has 50 names, of which the 46 that are used become categories, with their types', async () => {
    const { categories, codes } = await read(rows);
    expect(codes).toEqual([]);
    expect(categories).toHaveLength(46);
    const ofType = (type: string) => categories.filter((each) => each.type === type).length;
    expect([ofType('upper'), ofType('lower'), ofType('full')]).toEqual([20, 16, 10]);
  });

  test('keeps the ids of the file, with gaps at the merged names', async () => {
    const { categories } = await read(rows);
    const ids = new Map(categories.map(({ id, name }) => [name, id]));
    expect(ids.get('Anorak')).toBe(1);
    expect(ids.get('Dress')).toBe(41);
    expect(ids.get('Romper')).toBe(48);
    for (const merged of ['Cape', 'Nightdress', 'Shirtdress', 'Sundress']) {
      expect(ids.has(merged)).toBe(false);
    }
  });

  test('counts garments of the four merged names as dresses', async () => {
    const { meaning } = await read(rows);
    expect([38, 41, 45, 49, 50].map((id) => meaning[id])).toEqual([41, 41, 41, 41, 41]);
    expect([meaning[0], meaning[51]]).toEqual([0, undefined]);
  });
});

test('a type that is none of the three is found by the name, and told', async () => {
  const { categories, codes } = await read(['Jacket 9', 'Rain Coat 4', 'Tee']);
  expect(categories).toEqual([
    { id: 1, name: 'Jacket', type: 'upper' },
    { id: 2, name: 'Rain Coat', type: 'full' },
  ]);
  expect(codes.sort()).toEqual(['FIELD_COUNT', 'UNKNOWN_TYPE']);
});
