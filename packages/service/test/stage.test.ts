import { describe, expect, test } from '@jest/globals';
import { stage } from '../src/index.ts';

const MINUTE_MS = 60_000;
const movedAt = new Date('2026-03-01T12:00:00.000Z');
const after = (minutes: number) => new Date(movedAt.getTime() + minutes * MINUTE_MS);
const FIELDS = {
  state: 'RUNNING',
  done: 294,
  failed: 0,
  expected: 300,
  updatedAt: movedAt,
} as const;
const open = { ...FIELDS, detail: '512 garments so far', awaits: '6 of 300 photographs' };

describe('a stage', () => {
  test('that moved in the last ten minutes says what it says', () => {
    expect(stage(open, after(10))).toEqual({
      ...FIELDS,
      detail: '512 garments so far',
      updatedAt: '2026-03-01T12:00:00.000Z',
      stalled: false,
    });
  });

  test('that has not moved for ten minutes is stalled, and says what it waits for and what to do', () => {
    expect(stage(open, after(11))).toMatchObject({
      stalled: true,
      detail:
        '512 garments so far; waits for 6 of 300 photographs. What was given up, and how to go on: deepstyle events dead-letters list',
    });
    expect(stage({ ...FIELDS, detail: null }, after(11)).detail).toMatch(
      /^waits for its worker\. /,
    );
  });

  test.each(['WAITING', 'HELD', 'DONE', 'FAILED', 'SKIPPED'] as const)(
    '%s is not stalled',
    (state) => {
      expect(stage({ ...open, state }, after(600))).toMatchObject({
        stalled: false,
        detail: '512 garments so far',
      });
    },
  );
});
