import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { eventRound } from '../../src/reconcile/reconcile-events.ts';
import { comparedService, deadEvent, MINUTE_MS } from './compared-service.ts';

/** Rounds of a service that lacks what the scraper has announced of a run five minutes ago. */
function lackingRun() {
  const compared = comparedService({});
  const { clock } = compared;
  const at = (minutes: number) => new Date(clock.now.getTime() + minutes * MINUTE_MS);
  const told = {
    announced: [{ runId: 'run-1', updatedAt: at(-5) }],
    lacking: ['run-1'],
    compared: 0,
    asked: [] as string[],
  };
  const round = eventRound(compared.service, {
    producer: 'scraper',
    consumers: ['photos'],
    async *announced() {
      yield* told.announced;
    },
    lacking: async (_tx, runs) => {
      told.compared += runs.length;
      return runs.map(({ runId }) => runId).filter((id) => told.lacking.includes(id));
    },
    announceAgain: async (runId) => void told.asked.push(runId),
  });
  const next = async (minutes = 1): Promise<void> => {
    await round(clock.now);
    clock.now = at(minutes);
  };
  return { ...compared, told, next, at };
}

test('what was announced and lies nowhere is asked for again', async () => {
  const { next, told } = lackingRun();
  await next();
  expect(told.asked).toEqual(['run-1']);
});

test('what does not help is asked less and less often, and never given up', async () => {
  const { next, told } = lackingRun();
  const minutes: number[] = [];
  for (let minute = 0; minute <= 260; minute += 1) {
    const before = told.asked.length;
    await next();
    if (told.asked.length > before) minutes.push(minute);
  }
  expect(minutes).toEqual([0, 5, 15, 35, 75, 135, 195, 255]);
});

test('a run of which all is here is left alone, and compared once', async () => {
  const { next, told } = lackingRun();
  told.lacking = [];
  for (const _ of [1, 2, 3]) await next();
  expect(told).toMatchObject({ asked: [], compared: 1 });
});

test('it is compared again when more was announced', async () => {
  const { next, told, at } = lackingRun();
  told.lacking = [];
  await next(10);
  told.announced = [{ runId: 'run-1', updatedAt: at(-3) }];
  told.lacking = ['run-1'];
  await next();
  expect(told.asked).toEqual(['run-1']);
});

test('what was announced just now, and what waits on the bus, is on its way', async () => {
  const { next, told, held, at } = lackingRun();
  told.announced = [{ runId: 'run-1', updatedAt: at(0) }];
  await next();
  await next();
  expect(told.compared).toBe(0);
  held.lag = 3;
  for (const _ of [1, 2, 3]) await next();
  expect(told.asked).toEqual([]);
  held.lag = 0;
  await next();
  expect(told.asked).toEqual(['run-1']);
});

test('a run with a dead letter waits for a person; one of another consumer does not count', async () => {
  const { next, told, held } = lackingRun();
  const [buried, other] = [randomUUID(), randomUUID()];
  held.letters = [deadEvent('cropper-photos', buried), deadEvent('gallery-photos', other)];
  told.announced = [buried, other].map((runId) => ({ runId, updatedAt: new Date(0) }));
  told.lacking = [buried, other];
  await next();
  expect(told.asked).toEqual([other]);
});
