import { expect, test } from '@jest/globals';
import { type DatasetCategory, labelMapOf } from '../src/labels.ts';

const categories: readonly DatasetCategory[] = [
  { id: 41, name: 'Dress', type: 'full' },
  { id: 3, name: 'Blouse', type: 'upper' },
  { id: 26, name: 'Jeans', type: 'lower' },
  { id: 17, name: 'Tank', type: 'upper' },
];

test('categories stand in the order of their ids and keep them', () => {
  const { categories: names, ids, places } = labelMapOf(categories, 'categories');
  expect(names.map(({ name }) => name)).toEqual(['Blouse', 'Tank', 'Jeans', 'Dress']);
  expect(ids).toEqual([3, 17, 26, 41]);
  expect([...places]).toEqual([
    [3, 0],
    [17, 1],
    [26, 2],
    [41, 3],
  ]);
});

test('types are those that occur, and take the categories of their type', () => {
  const { categories: names, ids, places } = labelMapOf(categories, 'types');
  expect(names).toEqual([
    { name: 'upper', type: 'upper' },
    { name: 'lower', type: 'lower' },
    { name: 'full', type: 'full' },
  ]);
  expect(ids).toEqual([1, 2, 3]);
  expect([places.get(3), places.get(17), places.get(26), places.get(41)]).toEqual([0, 0, 1, 2]);
});
