import { describe, expect, test } from '@jest/globals';
import { categoryName, categoryTypeOf } from '../src/category-types.ts';
import { nameKey, pathKey } from '../src/names.ts';

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

  // Names of the categories, then of their supercategories, as DeepFashion2, Fashionpedia, ModaNet and DressCode have them.
  test.each([
    ['short sleeve top', 'clothes', 'upper'],
    ['Shirt short sleeve', '', 'upper'],
    ['sling dress', 'clothes', 'full'],
    ['sling', 'clothes', 'upper'],
    ['long sleeve outwear', 'clothes', 'upper'],
    ['shirt, blouse', 'upperbody', 'upper'],
    ['cape', 'wholebody', 'full'],
    ['vest', 'wholebody', 'full'],
    ['tights, stockings', 'legs and feet', 'lower'],
    ['hood', 'garment parts', 'other'],
    ['glove', 'arms and hands', 'other'],
    ['top', 'garment parts', 'other'],
    ['footwear', undefined, 'other'],
    ['outer', null, 'upper'],
    ['a', 'Upper-Body Clothes', 'upper'],
    ['a', 'LOWER_BODY', 'lower'],
    ['a', 'dresses', 'full'],
    ['coat', 'outerwear', 'full'],
    ['number 7', 'Jackets', 'upper'],
    // The name of a project says nothing.
    ['logo', 'dresses-abcd', 'other'],
    ['dress', 'clothes-abcd', 'full'],
    ['dress', 'none', 'full'],
    ['pants', 7, 'lower'],
  ])('%s of %s is %s', (category, supercategory, type) => {
    expect(categoryTypeOf(category, supercategory)).toBe(type);
  });

  test('white space and case make no second category, and none is uncategorised', () => {
    expect(categoryName('  Evening \t Gown ')).toBe('evening gown');
    expect(categoryName(null)).toBe('uncategorised');
    expect(categoryName('  ')).toBe('uncategorised');
  });
});

describe('names that people take for one', () => {
  test.each([
    ['\u00c4rmel', 'a\u0308rmel'],
    ['Hermès', 'HERME\u0300S'],
    ['T-Shirt', ' t-shirt  '],
    ['Evening Gown', 'evening \t gown'],
    ['\u0130', 'i\u0307'],
  ])('%j and %j', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other));
  });

  test('paths differ in white space, and not in slashes', () => {
    expect(pathKey('Img\\A.JPG')).toBe(pathKey('img/a.jpg'));
    expect(pathKey('a .jpg')).not.toBe(pathKey('a.jpg'));
  });
});
