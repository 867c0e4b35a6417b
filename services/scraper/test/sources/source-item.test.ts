import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanClaims, cleanText } from '../../src/sources/source-item.ts';

describe('cleanText', () => {
  test('is one line without controls', () => {
    expect(cleanText(' a\u0000\n\t b ', 10)).toBe('a b');
  });

  test('holds nothing that turns the direction of what follows', () => {
    expect(cleanText('Coat \u202egpj.exe\u2069', 30)).toBe('Coat gpj.exe');
  });

  test('nothing left is null', () => {
    expect(cleanText(' \u0000 ', 10)).toBeNull();
    expect(cleanText(undefined, 10)).toBeNull();
  });

  test('cuts no surrogate pair in two', () => {
    expect(cleanText('ab👗', 3)).toBe('ab');
    expect(cleanText('ab👗', 4)).toBe('ab👗');
  });

  test('whatever comes in, what comes out can be stored as JSON text in PostgreSQL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (raw, max) => {
        const cleaned = cleanText(raw, max) ?? '';
        expect(cleaned.length).toBeLessThanOrEqual(max);
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }),
    );
  });
});

test('claims that are not made are null', () => {
  expect(cleanClaims({ category: 'dress', brand: '' })).toEqual({
    brand: null,
    category: 'dress',
    title: null,
    author: null,
    license: null,
  });
});
