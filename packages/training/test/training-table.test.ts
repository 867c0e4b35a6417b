import type { Transaction } from '@deepstyle/storage';
import { describe, expect, test } from '@jest/globals';
import { type Fence, fenceOf, StaleAttemptError } from '../src/index.ts';
import { at, courses, describeOnDatabases } from './opened-trainings.ts';

const progress = { step: 1, steps: 2, detail: 'd', now: at(30) };
const end = { state: 'done', detail: 'd', steps: 2, now: at(30) } as const;
const first = (name: string): Fence => ({ trainingId: name, attempt: 1 });

/** Everything that a worker may write. */
const WRITES: Readonly<Record<string, (tx: Transaction, fence: Fence) => Promise<void>>> = {
  progress: (tx, fence) => courses.writeProgress(tx, fence, progress),
  checkpoint: (tx, fence) => courses.writeCheckpoint(tx, fence, { key: 'k', step: 1 }, at(30)),
  'hold on it': (tx, fence) => courses.hold(tx, fence),
  lease: (tx, fence) => courses.extendLease(tx, fence, at(60)),
  release: (tx, fence) => courses.release(tx, fence),
  end: (tx, fence) => courses.close(tx, fence, end),
  'end with a column of its own': (tx, fence) => courses.close(tx, fence, end, { subject: 'lace' }),
};

describeOnDatabases('trainings', (opened) => {
  const inTx = opened.inTx.bind(opened);

  describe('taking one', () => {
    test('gives it to one of many workers', async () => {
      const name = await opened.queue('one-of-many');
      const takings = await Promise.all(Array.from({ length: 8 }, () => opened.take(name, 0)));
      const kinds = takings.map(({ kind }) => kind).toSorted();
      expect(kinds).toEqual([...Array.from({ length: 7 }, () => 'held'), 'taken']);
    });

    test('says all that is known of it', async () => {
      const name = await opened.queue('described');
      const nothing = { step: 0, steps: null, detail: null, checkpoint: null };
      const training = { id: name, subject: 'drapery', ...nothing, attempt: 1, unsavedSeconds: 4 };
      const columns = { name, leaseUntil: at(15) };
      const taken = { ...training, ...columns, state: 'running', updatedAt: at(5) };
      expect(await opened.take(name, 5)).toEqual({ kind: 'taken', training: taken });
      expect(await opened.find(name)).toEqual(taken);
    });

    test('waits for the lease of a silent worker, then gives it on under the next attempt', async () => {
      const name = await opened.queue('silent');
      await opened.take(name, 0);
      expect(await opened.take(name, 9)).toEqual({ kind: 'held' });
      expect(await opened.take(name, 11)).toMatchObject({ training: { attempt: 2 } });
    });

    test('does not wait for a lease that a clock which was ahead has written', async () => {
      const name = await opened.queue('ahead');
      await opened.take(name, 3600);
      expect(await opened.take(name, 0)).toMatchObject({ training: { attempt: 2 } });
    });

    test('waits for as long as the worker extends its lease', async () => {
      const name = await opened.queue('extended');
      await opened.take(name, 0);
      await inTx((tx) => courses.extendLease(tx, first(name), at(20)));
      expect(await opened.take(name, 11)).toEqual({ kind: 'held' });
    });

    test('does not wait where the worker gave it back', async () => {
      const name = await opened.queue('given-back');
      await opened.take(name, 0);
      await inTx((tx) => courses.release(tx, first(name)));
      expect(await opened.take(name, 1)).toMatchObject({ training: { attempt: 2 } });
    });

    test('adds up the work since the last checkpoint over all workers', async () => {
      const name = await opened.queue('checkpointed');
      await opened.take(name, 0);
      await inTx((tx) => courses.extendLease(tx, first(name), at(5)));
      await inTx((tx) => courses.extendLease(tx, first(name), at(9)));
      expect(await opened.take(name, 20)).toMatchObject({ training: { unsavedSeconds: 16 } });
      const checkpoint = { key: 'k', step: 5 };
      const second = { trainingId: name, attempt: 2 };
      await inTx((tx) => courses.writeCheckpoint(tx, second, checkpoint, at(21)));
      expect(await opened.take(name, 40)).toMatchObject({
        training: { unsavedSeconds: 4, checkpoint },
      });
    });

    test('finds an ended or unknown one closed', async () => {
      const name = await opened.queue('ended');
      await opened.take(name, 0);
      await inTx((tx) => courses.close(tx, first(name), end));
      expect(await opened.take(name, 100)).toEqual({ kind: 'closed' });
      expect(await opened.take('never-queued', 0)).toEqual({ kind: 'closed' });
    });
  });

  describe('canceling one', () => {
    const cancel = (name: string) => inTx((tx) => courses.cancel(tx, name, at(5)));
    const resume = (name: string) => inTx((tx) => courses.resume(tx, name, at(6)));

    test('keeps workers from it until it is resumed, from its checkpoint on', async () => {
      const name = await opened.queue('canceled');
      const checkpoint = { key: 'k', step: 5 };
      await opened.take(name, 0);
      await inTx((tx) => courses.writeCheckpoint(tx, first(name), checkpoint, at(1)));
      await cancel(name);
      expect(await opened.find(name)).toMatchObject({ state: 'canceled', updatedAt: at(5) });
      expect(await opened.take(name, 100)).toEqual({ kind: 'closed' });
      expect(await inTx((tx) => courses.underWay(tx, at(100)))).not.toContain(name);
      expect(await resume(name)).toBe(true);
      // Though the lease of the worker before would not have run out.
      expect(await opened.take(name, 7)).toMatchObject({ training: { attempt: 3, checkpoint } });
      expect(await resume(name)).toBe(false);
    });

    test.each(Object.entries(WRITES))(
      'refuses the %s of its worker, also once resumed',
      async (what, write) => {
        const name = await opened.queue(`canceled ${what}`);
        await opened.take(name, 0);
        await cancel(name);
        await expect(inTx((tx) => write(tx, first(name)))).rejects.toBeInstanceOf(
          StaleAttemptError,
        );
        await resume(name);
        await expect(inTx((tx) => write(tx, first(name)))).rejects.toBeInstanceOf(
          StaleAttemptError,
        );
      },
    );

    test('leaves one that has ended as it ended', async () => {
      const name = await opened.queue('canceled too late');
      await opened.take(name, 0);
      await inTx((tx) => courses.close(tx, first(name), end));
      await cancel(name);
      expect(await opened.find(name)).toMatchObject({ state: 'done', updatedAt: end.now });
      expect(await resume(name)).toBe(false);
    });
  });

  describe('the end', () => {
    test('keeps the steps that were reported where nobody counted them, and no checkpoint', async () => {
      const name = await opened.queue('given-up');
      await opened.take(name, 0);
      await inTx((tx) => courses.writeProgress(tx, first(name), progress));
      await inTx((tx) => courses.writeCheckpoint(tx, first(name), { key: 'k', step: 1 }, at(1)));
      const failed = { state: 'failed', detail: 'why', steps: null, now: at(40) } as const;
      await inTx((tx) => courses.close(tx, first(name), failed));
      expect(await opened.find(name)).toMatchObject({
        ...{ state: 'failed', detail: 'why', step: 1, steps: 2 },
        ...{ checkpoint: null, updatedAt: at(40) },
      });
      const countFailed = (since: Date) => inTx((tx) => courses.countFailed(tx, since));
      expect(await countFailed(at(40))).toBe(1);
      expect(await countFailed(at(41))).toBe(0);
    });

    test('counts the steps that were done', async () => {
      const name = await opened.queue('finished');
      await opened.take(name, 0);
      await inTx((tx) => courses.close(tx, first(name), { ...end, steps: 7 }));
      expect(await opened.find(name)).toMatchObject({ state: 'done', step: 7, steps: 7 });
    });
  });

  describe('the fence', () => {
    test.each(Object.entries(WRITES))(
      'refuses the %s of a worker whose training another has taken, and all of its transaction',
      async (what, write) => {
        const name = await opened.queue(`stale ${what}`);
        await opened.take(name, 0);
        await opened.take(name, 20);
        const taken = await opened.find(name);
        const stale = inTx(async (tx) => {
          await tx.query('INSERT INTO marks (name, step) VALUES ($1, 1)', [name]);
          await write(tx, first(name));
        });
        await expect(stale).rejects.toBeInstanceOf(StaleAttemptError);
        const marks = await inTx((tx) => tx.query('SELECT 1 FROM marks WHERE name = $1', [name]));
        expect(marks).toEqual([]);
        expect(await opened.find(name)).toEqual(taken);
        // Its successor's is not.
        await inTx((tx) => write(tx, fenceOf(taken)));
      },
    );

    test.each(Object.entries(WRITES))('refuses the %s after the end', async (what, write) => {
      const name = await opened.queue(`over ${what}`);
      await opened.take(name, 0);
      await inTx((tx) => courses.close(tx, first(name), end));
      await expect(inTx((tx) => write(tx, first(name)))).rejects.toMatchObject({
        reason: 'STALE_ATTEMPT',
        message: expect.stringContaining(name),
      });
    });
  });
});
