import { describe, expect, test } from '@jest/globals';
import { parseCommandLine, UsageError } from '../src/command-line.ts';
import { sourceOf } from '../src/run-command.ts';

describe('parseCommandLine', () => {
  test('reads a command with its options', () => {
    const line = parseCommandLine([
      'run',
      '--photos',
      'x',
      '--season',
      'FW2019',
      '--steps',
      '40',
      '--json',
    ]);
    expect(line).toMatchObject({
      command: 'run',
      options: { photos: 'x', season: 'FW2019', steps: 40, json: true },
    });
  });

  test('without a command, or with --help, it is help', () => {
    expect(parseCommandLine([]).command).toBe('help');
    expect(parseCommandLine(['run', '--help']).command).toBe('help');
  });

  test.each([
    ['an unknown command', ['runn']],
    ['an unknown option', ['run', '--foto', 'x']],
    ['a stray word', ['up', 'now']],
    ['a number that is none', ['run', '--steps', 'many']],
    ['a negative number', ['demo', '--seed=-1']],
    ['a missing value', ['run', '--photos']],
  ])('%s is named', (_name, args) => {
    expect(() => parseCommandLine(args)).toThrow(UsageError);
  });
});

describe('sourceOf', () => {
  test.each([
    ['photos', { folder: '/home/me/photos' }],
    ['/data/photos', { folder: '/data/photos' }],
    ['list.jsonl', { manifest: '/home/me/list.jsonl' }],
    ['https://example.org/shows', { url: 'https://example.org/shows' }],
    ['https://example.org/list.jsonl', { manifest: 'https://example.org/list.jsonl' }],
  ])('%s', (photos, expected) => {
    expect(sourceOf(photos, '/home/me')).toEqual(expected);
  });
});
