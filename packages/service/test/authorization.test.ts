import { expect, test } from '@jest/globals';
import { isAuthorized } from '../src/authorization.ts';

test.each([
  ['the token', 'Bearer secret', 'secret', true],
  ['another token', 'Bearer Secret', 'secret', false],
  ['no scheme', 'secret', 'secret', false],
  ['no header', undefined, 'secret', false],
  ['an empty bearer where no token is configured', 'Bearer ', undefined, false],
  ['an empty bearer', 'Bearer ', 'secret', false],
])('%s', (_name, header, token, expected) => {
  expect(isAuthorized(header, token)).toBe(expected);
});
