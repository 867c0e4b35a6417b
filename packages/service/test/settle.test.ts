import { InvalidEventError } from '@deepstyle/contracts';
import { createLogger, DeepStyleError, type Logger, NotFoundError } from '@deepstyle/platform';
import type { Delivery } from '@deepstyle/storage';
import { expect, test } from '@jest/globals';
import { settle } from '../src/events/settle.ts';

const logger = createLogger({ level: 'silent', name: 'test' });

const WORK = { ackWaitMs: 30_000, maxFailures: 8, stopping: new AbortController().signal };

function delivery(
  attempt = 1,
  working: () => Promise<void> = async () => {},
  failures = 0,
): Delivery {
  return {
    subject: 'deepstyle.photo.stored.v1',
    id: 'x',
    headers: {},
    data: new Uint8Array(),
    sequence: 1,
    storedAt: new Date(),
    attempt,
    failures,
    working,
  };
}

const outcomeOf = (error: unknown, attempt = 1, failures = 0) =>
  settle(WORK, delivery(attempt, undefined, failures), logger, () => Promise.reject(error));

test('what a handler throws decides what becomes of the message', async () => {
  expect(await settle(WORK, delivery(), logger, async () => {})).toEqual({ kind: 'ack' });
  expect(await outcomeOf(new NotFoundError('run', 'x'))).toMatchObject({ kind: 'dead-letter' });
  expect(await outcomeOf(new InvalidEventError('s', 'no'))).toMatchObject({ kind: 'dead-letter' });
  expect(await outcomeOf(new DeepStyleError({ code: 'UNAVAILABLE', message: 'x' }))).toMatchObject({
    kind: 'wait',
  });
  expect(await outcomeOf(new Error('a bug'))).toMatchObject({ kind: 'retry' });
});

test('the last failure is told as what it is, and an outage never is the last', async () => {
  const lines: string[] = [];
  const told = {
    warn: (_: object, text: string) => lines.push(text),
    error: (_: object, text: string) => lines.push(text),
  } as unknown as Logger;
  const end = (error: Error, failures: number) =>
    settle(WORK, delivery(9, undefined, failures), told, () => Promise.reject(error));
  expect(await end(new Error('a bug'), 6)).toMatchObject({ kind: 'retry' });
  expect(await end(new Error('a bug'), 7)).toEqual({
    kind: 'dead-letter',
    reason: 'Error: a bug (8 failures)',
  });
  const away = new DeepStyleError({ code: 'UNAVAILABLE', message: 'The store is away.' });
  expect(await end(away, 7)).toMatchObject({ kind: 'wait' });
  // Of a damaged object, for one: nothing is away, and the attempts are counted where they are made.
  const failed = new DeepStyleError({ code: 'ABORTED', message: 'Attempt 1 of 3 failed.' });
  expect(await end(failed, 7)).toMatchObject({ kind: 'wait' });
  expect(lines).toEqual([
    'a message failed and will be tried again',
    'a message failed for the last time: a dead letter',
    'a message waits: what it needs is away',
    'a message did not succeed this time and will be tried again',
  ]);
});

test('a stop that takes longer than its grace is nothing to warn of, whatever closes under the work', async () => {
  const lines: string[] = [];
  const told = createLogger({ level: 'warn', name: 'test', write: (line) => lines.push(line) });
  const stop = new AbortController();
  const work = { ...WORK, ackWaitMs: 15, stopping: stop.signal };
  const closed = new DeepStyleError({ code: 'UNAVAILABLE', message: 'The database is closed.' });
  let asked = 0;
  let end: () => void = () => undefined;
  const asking = new Promise<void>((resolve) => {
    end = resolve;
  });
  const lease = delivery(1, () => {
    asked += 1;
    if (asked === 3) end();
    return Promise.reject(closed);
  });
  const handle = async () => {
    stop.abort();
    await asking;
    throw closed;
  };
  expect(await settle(work, lease, told, handle)).toMatchObject({ kind: 'wait' });
  expect(lines).toEqual([]);
});

test('signs of life do not heap up behind a slow bus', async () => {
  let asked = 0;
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const lease = delivery(1, () => {
    asked += 1;
    return answered;
  });
  const ticks = (count: number) => new Promise<void>((done) => setTimeout(done, 10 * count));
  await settle({ ...WORK, ackWaitMs: 30 }, lease, logger, () => ticks(10));
  answer();
  expect(asked).toBe(1);
});

test('each further attempt waits longer, up to a minute', async () => {
  const delays: number[] = [];
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    const outcome = await outcomeOf(new Error('a bug'), attempt);
    if (outcome.kind === 'retry') delays.push(outcome.delayMs);
  }
  expect(delays).toEqual([...delays].sort((a, b) => a - b));
  expect(delays.at(-1)).toBe(60_000);
});

test('the lease is extended while the handler works, and no longer', async () => {
  let extended = 0;
  let end: () => void = () => undefined;
  const extendedThrice = new Promise<void>((resolve) => {
    end = resolve;
  });
  const lease = delivery(1, async () => {
    extended += 1;
    if (extended === 3) end();
  });
  await settle({ ...WORK, ackWaitMs: 30 }, lease, logger, () => extendedThrice);
  const after = extended;
  await new Promise((done) => setTimeout(done, 50));
  expect(extended).toBe(after);
});
