import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  describeSettings,
  readSettings,
  SettingsError,
  type SettingsTable,
  text,
} from '../src/index.ts';

interface Example {
  readonly port: number;
  readonly quality: number;
  readonly verbose: boolean;
  readonly mode: 'fast' | 'good';
  readonly hosts: readonly string[];
  readonly password: string;
}

const TABLE: SettingsTable<Example> = {
  port: { env: 'PORT', schema: text.integer(0, 65_535), default: '4000', description: 'port' },
  quality: { env: 'QUALITY', schema: text.number(0, 1), default: '0.5', description: 'quality' },
  verbose: { env: 'VERBOSE', schema: text.boolean(), default: 'no', description: 'verbose' },
  mode: { env: 'MODE', schema: text.oneOf(['fast', 'good']), default: 'fast', description: 'mode' },
  hosts: { env: 'HOSTS', schema: text.list(), default: '', description: 'hosts' },
  password: { env: 'PASSWORD', schema: text.string(), secret: true, description: 'the password' },
};

function problemsOf(environment: Record<string, string>): string {
  try {
    readSettings(TABLE, environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return '';
}

describe('readSettings', () => {
  test('takes defaults where the environment is silent and values where it is not', () => {
    const settings = readSettings(TABLE, { PASSWORD: 'p', PORT: '80', HOSTS: 'a, b,,c' });
    expect(settings).toEqual({
      port: 80,
      quality: 0.5,
      verbose: false,
      mode: 'fast',
      hosts: ['a', 'b', 'c'],
      password: 'p',
    });
  });

  test('names every wrong and missing variable at once', () => {
    const problems = problemsOf({ PORT: 'eighty', QUALITY: '2', VERBOSE: 'maybe', MODE: 'best' });
    for (const name of ['PORT', 'QUALITY', 'VERBOSE', 'MODE', 'PASSWORD'])
      expect(problems).toContain(name);
  });

  test.each(['', ' ', '1e99', 'NaN', '-1'])('a number that is none is refused: "%s"', (value) => {
    expect(problemsOf({ PASSWORD: 'p', QUALITY: value })).toContain('QUALITY');
  });

  test('the result cannot be changed', () => {
    expect(Object.isFrozen(readSettings(TABLE, { PASSWORD: 'p' }))).toBe(true);
  });

  test('a secret may stand in a file, whose last newline is no part of it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    const file = join(folder, 'password');
    writeFileSync(file, 'from file\n');
    expect(readSettings(TABLE, { PASSWORD_FILE: file }).password).toBe('from file');
    rmSync(folder, { recursive: true });
  });

  test('an empty variable does not hide the file of a secret', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    const file = join(folder, 'password');
    writeFileSync(file, 'from file');
    const environment = { PASSWORD: '', PASSWORD_FILE: file };
    expect(readSettings(TABLE, environment).password).toBe('from file');
    const described = describeSettings(TABLE, environment);
    expect(described.at(-1)).toMatchObject({ value: '********', source: 'file' });
    rmSync(folder, { recursive: true });
  });

  test.each(['', '\n', ' \t\n', ',\n'])(
    'a secret file that holds nothing is named: %j',
    (content) => {
      const folder = mkdtempSync(join(tmpdir(), 'settings-'));
      const file = join(folder, 'token');
      writeFileSync(file, content);
      const token = { secret: true, default: '', description: 'a token' };
      const table: SettingsTable<{ token: string | undefined; tokens: readonly string[] }> = {
        token: { ...token, env: 'TOKEN', schema: text.optional() },
        tokens: { ...token, env: 'TOKENS', schema: text.list() },
      };
      const read = () => readSettings(table, { TOKEN_FILE: file, TOKENS_FILE: file });
      expect(read).toThrow(`TOKEN_FILE cannot be used: ${file} holds no secret`);
      expect(read).toThrow(`TOKENS_FILE cannot be used: ${file} holds no secret`);
      rmSync(folder, { recursive: true });
    },
  );

  test('a secret file that is missing is named', () => {
    expect(problemsOf({ PASSWORD_FILE: '/nowhere/password' })).toContain('PASSWORD_FILE');
  });
});

test('describeSettings tells the source of each value and masks secrets', () => {
  const described = describeSettings(TABLE, { PASSWORD: 'hunter2', PORT: '80' });
  expect(JSON.stringify(described)).not.toContain('hunter2');
  expect(described.find(({ env }) => env === 'PORT')).toMatchObject({
    value: '80',
    source: 'environment',
  });
  expect(described.find(({ env }) => env === 'MODE')).toMatchObject({
    value: 'fast',
    source: 'default',
  });
});
