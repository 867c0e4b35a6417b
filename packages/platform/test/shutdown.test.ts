import { expect, test } from '@jest/globals';
import { type Logger, ShutdownStack } from '../src/index.ts';

function recordingLogger(lines: string[]): Logger {
  const line = (_fields: object, message: string): void => {
    lines.push(message);
  };
  return { debug: line, info: line, warn: line, error: line, child: () => recordingLogger(lines) };
}

test('closes in the reverse order of opening', async () => {
  const closed: string[] = [];
  const stack = new ShutdownStack(recordingLogger([]));
  for (const name of ['database', 'bus', 'server']) stack.defer(name, () => void closed.push(name));
  await stack.close();
  expect(closed).toEqual(['server', 'bus', 'database']);
});

test('a step that fails or hangs does not keep the others open, and is logged', async () => {
  const closed: string[] = [];
  const lines: string[] = [];
  const stack = new ShutdownStack(recordingLogger(lines), 20);
  stack.defer('database', () => void closed.push('database'));
  stack.defer('hanging', () => new Promise(() => {}));
  stack.defer('failing', () => Promise.reject(new Error('no')));
  await stack.close();
  expect(closed).toEqual(['database']);
  expect(lines.filter((line) => line === 'a shutdown step failed')).toHaveLength(2);
});

test('a second close waits for the first and closes nothing twice', async () => {
  let times = 0;
  const stack = new ShutdownStack(recordingLogger([]));
  stack.defer('once', async () => {
    await Promise.resolve();
    times += 1;
  });
  await Promise.all([stack.close(), stack.close()]);
  expect(times).toBe(1);
});

test('what comes first comes before what was opened after it', async () => {
  const closed: string[] = [];
  const stack = new ShutdownStack(recordingLogger([]));
  stack.deferFirst('readiness', () => void closed.push('readiness'));
  stack.defer('server', () => void closed.push('server'));
  await stack.close();
  expect(closed).toEqual(['readiness', 'server']);
});
