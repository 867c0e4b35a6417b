import { expect, test } from '@jest/globals';
import { createLogger } from '../src/index.ts';

test('secrets do not reach the log, at the top or one level down', () => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', name: 'test', write: (line) => lines.push(line) });
  logger.info({ token: 'hunter2', store: { secretKey: 'hunter2' } }, 'connected');
  expect(lines.join()).not.toContain('hunter2');
});

test('an error is logged with its causes', () => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', name: 'test', write: (line) => lines.push(line) });
  logger.error({ error: new Error('outer', { cause: new Error('inner') }) }, 'failed');
  expect(lines[0]).toContain('inner');
});

test('lines below the level are not written', () => {
  const lines: string[] = [];
  createLogger({ level: 'warn', name: 'test', write: (line) => lines.push(line) }).info(
    {},
    'quiet',
  );
  expect(lines).toEqual([]);
});
