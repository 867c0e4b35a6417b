import { describe, expect, test } from '@jest/globals';
import { eventSchema } from '../src/index.ts';
import {
  CONTENT_ID,
  findTextProblem,
  MAX_TEXT_LENGTH,
  printable,
  SEASON,
  textProblem,
} from '../src/request-rules.ts';

test('what may be asked for is what events can carry', () => {
  const schema = JSON.stringify(eventSchema('deepstyle.detector.trained.v1'));
  expect(schema).toContain(`"pattern":${JSON.stringify(CONTENT_ID.source)}`);
  expect(JSON.stringify(eventSchema('deepstyle.scrape.completed.v1'))).toContain(
    `"pattern":${JSON.stringify(SEASON.source)}`,
  );
});

test.each(['FW2019', 'SS2026', 'RESORT2020', 'PREFALL2021', 'COUTURE2022'])(
  '%s is a season',
  (name) => {
    expect(SEASON.test(name)).toBe(true);
  },
);

test.each(['FW19', 'fw2019', 'FW2019 ', 'AW2019', ''])('"%s" is none', (name) => {
  expect(SEASON.test(name)).toBe(false);
});

describe('text', () => {
  test.each([
    ['NUL', 'a\0b', 'U+0000'],
    ['half of a pair', 'a\ud83d', 'U+D83D'],
    ['an escape sequence', '\u001b[2J', 'U+001B'],
    ['a control of the second block', '\u009b2J', 'U+009B'],
    ['a line feed', 'a\nb', 'U+000A'],
    ['what turns the direction', 'a\u202egpj.exe', 'U+202E'],
    ['what isolates a direction', '\u2066a', 'U+2066'],
  ])('does not hold %s', (_, text, name) => {
    expect(textProblem(text)).toBe(`must not hold the character ${name}`);
  });

  test.each([
    '',
    'Comme des Garçons',
    'כתונת',
    'ドレス',
    '👗 👨‍👩‍👧',
    'a\u200fb',
    'x'.repeat(MAX_TEXT_LENGTH),
  ])('%j is text', (text) => {
    expect(textProblem(text)).toBeNull();
  });

  test('has a length', () => {
    expect(textProblem('abc', 2)).toBe('must have at most 2 characters');
    expect(textProblem('x'.repeat(MAX_TEXT_LENGTH + 1))).toContain('at most 4000');
  });

  test('is looked for everywhere in a request, and told by its field', () => {
    const request = { name: 'a', sources: [{ url: 'b' }, { folder: 'c\0' }] };
    expect(findTextProblem(request)?.field).toBe('sources.1.folder');
    expect(findTextProblem({ 'odd\0': { key: 1 }, bytes: Uint8Array.of(0), at: new Date() })).toBe(
      null,
    );
    const deep = Array.from({ length: 40 }).reduce<object>((inner) => [inner], []);
    expect(findTextProblem({ deep })?.problem).toContain('nested');
  });

  test('from outside is printed without what steers a terminal', () => {
    const text = 'a\tb\n\u001b]0;x\u0007\u009b\u202e\ud800';
    expect(printable(text)).toBe('a\tb\n\\u001b]0;x\\u0007\\u009b\\u202e\\ud800');
    expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text });
  });
});
