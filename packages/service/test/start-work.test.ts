import { createLogger, readSettings, ShutdownStack } from '@deepstyle/platform';
import type { Bus, Delivery, Outbox } from '@deepstyle/storage';
import { beforeEach, expect, test } from '@jest/globals';
import { PROCESS_SETTINGS } from '../src/index.ts';
import { startWork } from '../src/start-work.ts';
import { type MadeService, madeService } from './made-service.ts';

const logger = createLogger({ level: 'silent', name: 'test' });
let made: MadeService;
let stack: ShutdownStack;
let deliver: Map<string, (delivery: Delivery) => Promise<unknown>>;

beforeEach(() => {
  made = madeService();
  stack = new ShutdownStack(logger);
  deliver = new Map();
});

/** Starts the service's work on a bus that holds nothing. */
async function start(role: string): Promise<void> {
  const bus: Pick<Bus, 'subscribe'> = {
    subscribe: async ({ durable }, handle) => {
      deliver.set(durable, async (delivery) => handle(delivery));
      return { close: async () => void made.told.push(`${durable} closed`) };
    },
  };
  const outbox: Pick<Outbox, 'start'> = { start: () => void made.told.push('outbox started') };
  const parts = made.service.create({ logger } as never);
  const settings = readSettings(PROCESS_SETTINGS, { DEEPSTYLE_ROLE: role });
  const created = { service: made.service, parts, outbox: outbox as Outbox };
  await startWork([created], bus as Bus, settings, logger, stack);
}

test.each([
  ['all', ['cropper-photos', 'cropper-cropper-work']],
  ['api', ['cropper-photos']],
  ['worker', ['cropper-cropper-work']],
])('the role %s takes %j', async (role, durables) => {
  await start(role);
  expect([...deliver.keys()]).toEqual(durables);
  await stack.close();
});

test.each(['api', 'worker'])('the role %s sends what is in its outbox', async (role) => {
  await start(role);
  expect(made.told).toContain('outbox started');
  await stack.close();
});

test('a job under way is told to stop before its subscription waits for it', async () => {
  await start('worker');
  const delivery = {
    data: new TextEncoder().encode('{}'),
    headers: {},
    attempt: 1,
    failures: 0,
    subject: 'x',
  };
  await deliver.get('cropper-cropper-work')?.(delivery as unknown as Delivery);
  made.told.length = 0;
  await stack.close();
  expect(made.told).toEqual(['job told to stop', 'cropper-cropper-work closed']);
});
