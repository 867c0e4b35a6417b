import { expect, test } from '@jest/globals';
import { withoutForeignLink } from '../../src/sources/links.ts';
import { cleanClaims } from '../../src/sources/source-item.ts';

test.each([
  ['https://example.org/cc0', 'https://example.org/cc0'],
  ['HTTP://example.org/', 'HTTP://example.org/'],
  ['CC0-1.0', 'CC0-1.0'],
  ['Nora K', 'Nora K'],
  ['Photo: Nora K', 'Photo: Nora K'],
  ['javascript:alert(1)', 'alert(1)'],
  ['JavaScript: alert(1)', 'alert(1)'],
  ['javascript:javascript:alert(1)', 'alert(1)'],
  ['data:text/html,<script>', 'text/html,<script>'],
  ['vbscript:x', 'x'],
  ['file:///etc/passwd', '///etc/passwd'],
  ['mailto:nora@example.org', 'nora@example.org'],
  ['javascript:', null],
])('"%s" is shown as %s', (text, shown) => {
  expect(withoutForeignLink(text)).toBe(shown);
});

test('what hides a scheme from the eye hides it from a browser too', () => {
  for (const author of [
    'java\nscript:alert(1)',
    ' \u0001javascript:alert(1)',
    'java\u0000script:x',
  ]) {
    expect(cleanClaims({ author }).author).not.toMatch(/^\s*javascript:/i);
  }
});
