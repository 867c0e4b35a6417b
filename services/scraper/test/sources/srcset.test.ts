import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { largestOf, parseSrcset } from '../../src/sources/srcset.ts';

describe('srcset', () => {
  test('takes the widest', () => {
    expect(largestOf('a.jpg 320w, b.jpg 1280w, c.jpg 640w')).toBe('b.jpg');
  });

  test('takes the densest; no descriptor is 1x', () => {
    expect(largestOf('a.jpg, b.jpg 2x')).toBe('b.jpg');
  });

  test('an address may hold commas', () => {
    expect([...parseSrcset('/i/w_100,h_200/a.jpg 100w, data:image/gif;base64,R0lG 1w')]).toEqual([
      { url: '/i/w_100,h_200/a.jpg', size: 100 },
      { url: 'data:image/gif;base64,R0lG', size: 1 },
    ]);
  });

  test('a comma without a space after descriptors separates too', () => {
    expect(largestOf('a.jpg 1x,b.jpg 3x')).toBe('b.jpg');
  });

  test('nothing gives nothing', () => {
    expect(largestOf(' , ,')).toBeNull();
  });

  test('whatever is written, it ends and gives no address with whitespace', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { url } of parseSrcset(text)) expect(url).toMatch(/^\S+$/);
      }),
    );
  });

  test('well-formed lists are read back', () => {
    const address = fc.stringMatching(/^[a-z/.][a-z0-9/._-]{0,20}$/);
    const candidate = fc.record({ url: address, size: fc.integer({ min: 1, max: 5000 }) });
    fc.assert(
      fc.property(fc.array(candidate, { minLength: 1 }), (candidates) => {
        const text = candidates.map(({ url, size }) => `${url} ${size}w`).join(', ');
        expect([...parseSrcset(text)]).toEqual(candidates);
      }),
    );
  });
});
