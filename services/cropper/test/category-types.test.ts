import { describe, expect, test } from '@jest/globals';
import { categoryName, categoryTypeOf } from '../src/category-types.ts';

describe('type of a category', () => {
  test.each([
    ['dress', 'full'],
    ['jumpsuit', 'full'],
    ['romper', 'full'],
    ['coat', 'full'],
    ['outwear', 'upper'],
    ['longsleeve', 'upper'],
    ['shirt', 'upper'],
    ['t-shirt', 'upper'],
    ['blouse', 'upper'],
    ['jacket', 'upper'],
    ['pants', 'lower'],
    ['trousers', 'lower'],
    ['jeans', 'lower'],
    ['skirt', 'lower'],
    ['shorts', 'lower'],
    ['shoes', 'other'],
    ['hat', 'other'],
  ])('%s is %s', (category, type) => {
    expect(categoryTypeOf(category)).toBe(type);
  });

  test.each([
    ['Dresses', 'full'],
    ['T_Shirts', 'upper'],
    ['t shirt', 'upper'],
    ['Leather Jackets', 'upper'],
    ['shirt dress', 'full'],
    ['dress shirt', 'upper'],
    ['Maxi-Skirt', 'lower'],
    ['tights', 'lower'],
    ['watches', 'other'],
  ])('plurals, case and several words: %s is %s', (category, type) => {
    expect(categoryTypeOf(category)).toBe(type);
  });

  test('what the table does not know is other, never an error', () => {
    for (const odd of ['', 'uncategorised', 'constructor', '__proto__', '靴', 'x'.repeat(100)])
      expect(categoryTypeOf(odd)).toBe('other');
  });

  test('white space and case make no second category, and none is uncategorised', () => {
    expect(categoryName('  Evening \t Gown ')).toBe('evening gown');
    expect(categoryName(null)).toBe('uncategorised');
    expect(categoryName('  ')).toBe('uncategorised');
  });
});
