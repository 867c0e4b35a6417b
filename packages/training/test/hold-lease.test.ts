import { once } from 'node:events';
import { createLogger } from '@deepstyle/platform';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { holdLease } from '../src/hold-lease.ts';
import { StaleAttemptError } from '../src/index.ts';
import { courses, describeOnDatabases } from './opened-trainings.ts';

const NEVER = new AbortController().signal;
/** Longer than a living worker is silent, shorter than its lease. */
const BEAT_MS = 5_000;

describeOnDatabases('a lease', (opened) => {
  beforeEach(() => {
    // Intervals alone: the databases need the others.
    jest.useFakeTimers({
      doNotFake: [
        'Date',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'setTimeout',
      ],
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  async function held(name: string, stopping = NEVER) {
    opened.seconds = 0;
    await opened.queue(name);
    await opened.take(name, 0);
    return holdLease(courses, { trainingId: name, attempt: 1 }, stopping, opened);
  }

  test('is extended while it is held, and no longer', async () => {
    const lease = await held('extended');
    opened.seconds = 8;
    jest.advanceTimersByTime(BEAT_MS);
    await lease.stop();
    expect(await opened.take('extended', 27)).toEqual({ kind: 'held' });
    expect(jest.getTimerCount()).toBe(0);
    expect(await opened.take('extended', 29)).toMatchObject({ kind: 'taken' });
    expect([lease.isLost(), lease.signal.aborted]).toEqual([false, false]);
  });

  test('that is another’s by now stops the work', async () => {
    const lease = await held('lost');
    await opened.take('lost', 11);
    const aborted = once(lease.signal, 'abort');
    jest.advanceTimersByTime(BEAT_MS);
    await aborted;
    expect(lease.isLost()).toBe(true);
    expect(lease.signal.reason).toBeInstanceOf(StaleAttemptError);
    await lease.stop();
  });

  test('stops the work with the process, and is not lost', async () => {
    const stopping = new AbortController();
    const lease = await held('stopping', stopping.signal);
    stopping.abort();
    expect([lease.isLost(), lease.signal.aborted]).toEqual([false, true]);
    await lease.stop();
  });

  test('does not heap up behind a database that is slow, nor warns of it at a stop', async () => {
    const lines: string[] = [];
    let answer: () => void = () => undefined;
    let asked = 0;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const database: typeof opened.database = Object.create(opened.database, {
      transaction: {
        value: async () => {
          asked += 1;
          await answered;
          throw new Error('The database is closed.');
        },
      },
    });
    const logger = createLogger({ level: 'warn', name: 'test', write: (line) => lines.push(line) });
    const stopping = new AbortController();
    const fence = { trainingId: 'slow', attempt: 1 };
    const lease = holdLease(courses, fence, stopping.signal, {
      database,
      logger,
      clock: opened.clock,
    });
    jest.advanceTimersByTime(100 * BEAT_MS);
    answer();
    await lease.stop();
    expect([asked, lines.length]).toEqual([2, 2]);

    lines.length = 0;
    const stopped = holdLease(courses, fence, stopping.signal, {
      database,
      logger,
      clock: opened.clock,
    });
    stopping.abort();
    jest.advanceTimersByTime(100 * BEAT_MS);
    await stopped.stop();
    expect(lines).toEqual([]);
  });

  test('outlives a database that does not answer once', async () => {
    opened.seconds = 0;
    await opened.queue('unanswered');
    await opened.take('unanswered', 0);
    let asked = 0;
    const database: typeof opened.database = Object.create(opened.database, {
      transaction: {
        value: (...given: Parameters<typeof opened.database.transaction>) => {
          asked += 1;
          return asked === 1
            ? Promise.reject(new Error('away'))
            : opened.database.transaction(...given);
        },
      },
    });
    const { logger, clock } = opened;
    const fence = { trainingId: 'unanswered', attempt: 1 };
    const lease = holdLease(courses, fence, NEVER, { database, logger, clock });
    opened.seconds = 8;
    jest.advanceTimersByTime(2 * BEAT_MS);
    await lease.stop();
    expect(lease.signal.aborted).toBe(false);
    expect(await opened.take('unanswered', 27)).toEqual({ kind: 'held' });
  });
});
