import { expect, test } from '@jest/globals';
import { photoNode } from '../src/graph-nodes.ts';

test('a photograph that an earlier version stored gives no link but one to a page of the web', () => {
  const { attribution } = photoNode({
    id: 'a'.repeat(64),
    objectKey: 'photos/aa/a',
    contentType: 'image/jpeg',
    bytes: 10,
    widthPx: 20,
    heightPx: 30,
    dominantColor: '#010203',
    brand: null,
    category: null,
    source: 'https://site.test/',
    title: 'javascript: the look',
    author: 'javascript:alert(1)',
    license: 'https://example.org/cc0',
    createdAt: new Date(0),
  });
  expect(attribution).toEqual({
    source: 'https://site.test/',
    title: 'javascript: the look',
    author: 'alert(1)',
    license: 'https://example.org/cc0',
  });
});
