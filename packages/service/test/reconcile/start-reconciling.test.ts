import { createLogger, ShutdownStack } from '@deepstyle/platform';
import { BusUnavailableError } from '@deepstyle/storage';
import { expect, test } from '@jest/globals';
import { serviceRounds } from '../../src/reconcile/rounds.ts';
import { startReconciling } from '../../src/reconcile/start-reconciling.ts';
import { comparedService } from './compared-service.ts';

const stackOf = () => new ShutdownStack(createLogger({ level: 'silent', name: 'test' }));

test('the first comparison is under way when the start goes on, and the next waits for it', async () => {
  const stack = stackOf();
  const order: string[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { service } = comparedService({
    stalled: async () => {
      order.push('begun');
      await held;
      order.push('ended');
      return 0;
    },
  });
  const { reconcile } = startReconciling([service], stack);
  const second = reconcile();
  release();
  await second;
  expect(order).toEqual(['begun', 'ended', 'begun', 'ended']);
  await stack.close();
});

test('it compares again and again by itself, until it is closed', async () => {
  const stack = stackOf();
  let count = 0;
  const thrice = new Promise<void>((resolve) => {
    const { service } = comparedService({
      stalled: async () => {
        count += 1;
        if (count === 3) resolve();
        return 0;
      },
    });
    startReconciling([service], stack, 1);
  });
  // The timer itself keeps no process alive.
  const keepAlive = setInterval(() => {}, 1_000);
  await thrice;
  clearInterval(keepAlive);
  await stack.close();
  const closedAt = count;
  await new Promise((resolve) => setImmediate(resolve));
  expect(count).toBe(closedAt);
});

test('what fails is said once and keeps nothing else from being compared; an outage is not said', async () => {
  let failure: Error | null = new Error('a bug');
  let compared = 0;
  const { service, warnings } = comparedService({
    jobs: [
      {
        kind: 'work',
        field: 'runId',
        underWay: async () => {
          if (failure !== null) throw failure;
          return [];
        },
        payloadOf: () => ({}),
      },
    ],
    stalled: async () => {
      compared += 1;
      return 0;
    },
  });
  const { reconcile } = serviceRounds(service);
  const { signal } = new AbortController();
  for (const _ of [1, 2]) await reconcile(signal);
  expect(warnings).toHaveLength(1);
  failure = new BusUnavailableError('away');
  await reconcile(signal);
  expect(warnings).toHaveLength(1);
  failure = null;
  await reconcile(signal);
  failure = new Error('a bug');
  await reconcile(signal);
  expect(warnings).toHaveLength(2);
  expect(compared).toBe(5);
});
