import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../../scripts/build/places.mjs';
import { positiveNumber, positiveWholeNumber } from './positive-number.ts';

describe('the number of an option', () => {
  test.each(['many', '', '0', '-1', 'NaN', 'Infinity'])('is not %j', (typed) => {
    expect(() => positiveNumber(typed)).toThrow('must be a number above 0');
    expect(() => positiveWholeNumber(typed)).toThrow('must be a number above 0');
  });

  test('may be a part of one where time is meant', () => {
    expect(positiveNumber('0.5')).toBe(0.5);
    expect(() => positiveWholeNumber('0.5')).toThrow('must be a whole number above 0');
    expect(positiveWholeNumber('2000')).toBe(2000);
  });
});

/** Runs a file with the loader with which `campaign` runs a campaign. */
function answered(file: string, ...args: readonly string[]) {
  const loader = ['--conditions=deepstyle:source', '--import', 'tsx', '--no-warnings'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...loader, file, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, said: `${stdout}${stderr}` };
}

test.each([
  ['faults', '--minutes'],
  ['security', '--count'],
])(
  'the campaign %s names the option whose number is none, and tells its exit codes',
  (name, option) => {
    const program = join('test', name, 'main.ts');
    expect(answered(program, `${option}=many`)).toEqual({
      status: 2,
      said: expect.stringMatching(new RegExp(`${option}.*must be a .*number above 0`)),
    });
    expect(answered(program, '--help')).toEqual({
      status: 0,
      said: expect.stringMatching(/needs nats-server.*Exit codes: 0/s),
    });
  },
);

test.each([
  [['--help'], 0],
  [[], 2],
  [['other'], 2],
] as const)('campaign %j tells of all campaigns and ends with %d', (args, code) => {
  expect(answered(join('scripts', 'campaign.mjs'), ...args)).toEqual({
    status: code,
    said: expect.stringMatching(/ {2}faults +lets .* {2}security +sends /s),
  });
});
