import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyToPath, nameToSegment } from '../src/objects/file-name.ts';

const segment = fc
  .stringMatching(/^[A-Za-z0-9._-]{1,12}$/)
  .filter((text) => text !== '.' && text !== '..');
const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

function pathToKey(path: string): string {
  const names = path.split('/');
  return names.map((name, index) => nameToSegment(name, index < names.length - 1)).join('');
}

describe('names of files', () => {
  test('lead back to their key', () => {
    fc.assert(fc.property(key, (one) => expect(pathToKey(keyToPath(one))).toBe(one)));
  });

  test('of different keys differ, even where the file system does not tell case', () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        fc.pre(one !== other);
        expect(keyToPath(one).toLowerCase()).not.toBe(keyToPath(other).toLowerCase());
      }),
    );
  });

  test('of one key never lie below the file of another', () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        expect(keyToPath(other).startsWith(`${keyToPath(one)}/`)).toBe(false);
      }),
    );
  });

  test('that are not the store’s own stand for nothing', () => {
    expect(nameToSegment('folder', true)).toBeNull();
    expect(nameToSegment('file+', false)).toBeNull();
  });
});
