import { createLogger, DeepStyleError } from '@deepstyle/platform';
import { TransactionTimeoutError } from '@deepstyle/storage';
import { beforeEach, expect, test } from '@jest/globals';
import { createHumanLog } from '../src/output/human-log.ts';

let written: string[] = [];
let nowMs = 0;
beforeEach(() => {
  written = [];
  nowMs = 0;
});

function logger() {
  const write = createHumanLog(
    (text) => written.push(text),
    () => nowMs,
  );
  return createLogger({ level: 'warn', name: 'deepstyle', write });
}
const late = new TransactionTimeoutError('scraper.claim', 5000);

test('a warning is told with its component and what lies beneath', () => {
  const error = new DeepStyleError({ code: 'UNAVAILABLE', message: 'The bus is away.' });
  logger().child({ component: 'scraper' }).warn({ error }, 'a message waits');
  expect(written).toEqual(['warn  scraper: a message waits: The bus is away.\n']);
});

test('hundreds of transactions that were too slow are one line for a person', () => {
  const log = logger();
  for (let times = 0; times < 200; times += 1) {
    log.warn({ error: late }, 'a message waits');
    log.warn({ problem: `TransactionTimeoutError: ${late.message}` }, 'messages wait');
  }
  expect(written).toEqual([expect.stringContaining('The machine is too slow: ')]);
  expect(written[0]).not.toContain('5000');
});

test('a machine that stays too slow is told of again', () => {
  const log = logger();
  for (nowMs = 0; nowMs <= 120_000; nowMs += 1_000) log.warn({ error: late }, 'a message waits');
  expect(written.length).toBe(3);
});

test('what was given up is told, although it ran out of time', () => {
  logger().error({ error: late }, 'a message became a dead letter');
  expect(written[0]).toContain('a message became a dead letter');
});
