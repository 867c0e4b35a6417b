import { describe, expect, test } from '@jest/globals';
import { changeFarewell, runFarewell, workFarewell } from '../src/output/farewell.ts';
import { ourCommand, withData } from '../src/output/our-command.ts';

const RUN = 'run_0b2f6f7e-51a4-4d6c-9a55-1a4a8f0f3c11';
const own = { url: 'http://127.0.0.1:1', isOwn: true };
const other = { url: 'http://127.0.0.1:2', isOwn: false };

describe('what a person is told who interrupts', () => {
  test('a run: how it goes on, and how it is stopped for good', () => {
    expect(runFarewell(own, RUN, '/my data')).toBe(
      `Stopping; the same command goes on from here.\nTo stop run ${RUN} for good: deepstyle run cancel ${RUN} --data '/my data'`,
    );
    expect(runFarewell(other, RUN, undefined)).toContain(`goes on in the instance ${other.url}`);
    expect(runFarewell(other, null, undefined)).toBe(workFarewell(null));
  });

  test.each([
    ['cancel', 'canceled'],
    ['resume', 'resumed'],
    ['retry', 'retried'],
    ['publish', 'published'],
  ] as const)('%s before it was made: that it may not have been', (change, made) => {
    expect(changeFarewell(change, false, other, undefined)).toBe(
      `Interrupted; the run may not have been ${made}.`,
    );
  });

  test('a change that was made: where the run goes on', () => {
    expect(changeFarewell('resume', true, own, '/d')).toBe(
      'Interrupted; the run goes on with the next instance: deepstyle up --data /d',
    );
    expect(changeFarewell('retry', true, other, '/d')).toBe(
      `Interrupted; the run goes on in the instance ${other.url}.`,
    );
  });
});

describe('a command that is named', () => {
  test.each([
    [undefined, 'deepstyle up'],
    ['/data/a-b_c', 'deepstyle up --data /data/a-b_c'],
    ["/it's here", String.raw`deepstyle up --data '/it'\''s here'`],
  ])('carries the data folder %s', (data, command) => {
    expect(ourCommand('up', data)).toBe(command);
  });

  test.each([
    [
      `To try it again: deepstyle run retry ${RUN}; or deepstyle run publish ${RUN} --incomplete`,
      `To try it again: deepstyle run retry ${RUN} --data /d; or deepstyle run publish ${RUN} --data /d --incomplete`,
    ],
    [
      'how to go on: deepstyle events dead-letters list',
      'how to go on: deepstyle events dead-letters list --data /d',
    ],
    ['nothing is named', 'nothing is named'],
  ])('by a service gets it: %s', (told, expected) => {
    expect(withData(told, '/d')).toBe(expected);
    expect(withData(told, undefined)).toBe(told);
  });
});
