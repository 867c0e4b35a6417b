import { InvalidEventError } from '@deepstyle/contracts';
import { createLogger, DeepStyleError, NotFoundError } from '@deepstyle/platform';
import type { Delivery } from '@deepstyle/storage';
import { expect, test } from '@jest/globals';
import { settle } from '../src/events/settle.ts';

const logger = createLogger({ level: 'silent', name: 'test' });

function delivery(attempt = 1, working: () => Promise<void> = async () => {}): Delivery {
  return {
    subject: 'deepstyle.photo.stored.v1',
    id: 'x',
    headers: {},
    data: new Uint8Array(),
    sequence: 1,
    storedAt: new Date(),
    attempt,
    working,
  };
}

const outcomeOf = (error: unknown, attempt = 1) =>
  settle(delivery(attempt), 30_000, logger, () => Promise.reject(error));

test('what a handler throws decides what becomes of the message', async () => {
  expect(await settle(delivery(), 30_000, logger, async () => {})).toEqual({ kind: 'ack' });
  expect(await outcomeOf(new NotFoundError('run', 'x'))).toMatchObject({ kind: 'dead-letter' });
  expect(await outcomeOf(new InvalidEventError('s', 'no'))).toMatchObject({ kind: 'dead-letter' });
  expect(await outcomeOf(new DeepStyleError({ code: 'UNAVAILABLE', message: 'x' }))).toMatchObject({
    kind: 'retry',
  });
  expect(await outcomeOf(new Error('a bug'))).toMatchObject({ kind: 'retry' });
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
  const lease = delivery(1, async () => {
    extended += 1;
  });
  await settle(lease, 30, logger, () => new Promise((done) => setTimeout(done, 100)));
  expect(extended).toBeGreaterThanOrEqual(3);
  const after = extended;
  await new Promise((done) => setTimeout(done, 50));
  expect(extended).toBe(after);
});
