import type { Transaction } from '@deepstyle/storage';
import { describe, expect, test } from '@jest/globals';
import { describeSpeed, writeReport } from '../../src/training-jobs/index.ts';
import { courses, describeOnDatabases } from './opened-trainings.ts';

test.each([
  [2, '2.0 steps/s, 45 s left'],
  [6.26, '6.3 steps/s, 15 s left'],
  [0.5, '0.5 steps/s, 3 min left'],
  [0.01, '0.0 steps/s, 3 h left'],
  [Infinity, 'Infinity steps/s, 0 s left'],
])('at %s steps a second, 90 steps before the end: %s', (stepsPerSecond, text) => {
  expect(describeSpeed({ step: 10, steps: 100, stepsPerSecond })).toBe(text);
});

describeOnDatabases('a report', (opened) => {
  const report = { step: 4, steps: 9, detail: 'well' };
  const mark = (name: string) => (tx: Transaction) =>
    tx.query('INSERT INTO marks (name, step) VALUES ($1, 4)', [name]).then(() => undefined);
  const write = (name: string, attempt: number, curves = mark(name)) =>
    writeReport(courses, { trainingId: name, attempt }, report, curves, opened);
  const marks = (name: string) =>
    opened.inTx((tx) => tx.query('SELECT step FROM marks WHERE name = $1', [name]));

  async function taken(name: string): Promise<string> {
    await opened.queue(name);
    await opened.take(name, 0);
    return name;
  }

  test('is written with its curves', async () => {
    const name = await taken('reported');
    opened.seconds = 5;
    await write(name, 1);
    expect(await opened.find(name)).toMatchObject({ ...report, updatedAt: opened.clock() });
    expect(await marks(name)).toEqual([{ step: 4 }]);
  });

  describe('that cannot be written', () => {
    test('leaves nothing of it, and the training goes on', async () => {
      const name = await taken('unwritten');
      await write(name, 1, async (tx) => {
        await mark(name)(tx);
        throw new Error('the curves are full');
      });
      expect((await opened.find(name)).step).toBe(0);
      expect(await marks(name)).toEqual([]);
    });

    test('because the training is another’s ends it', async () => {
      const name = await taken('anothers');
      await opened.take(name, 20);
      await expect(write(name, 1)).rejects.toMatchObject({ reason: 'STALE_ATTEMPT' });
    });
  });
});
