import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { processEnvironment } from '@deepstyle/platform';
import { temporaryFolder } from '@deepstyle/testkit';
import { expect, test } from '@jest/globals';
import { watchFile } from './watched.ts';

const WATCH = join(import.meta.dirname, 'watch.mjs');
const PROGRAM = `
  import { connect } from 'node:net';
  import { setTimeout as sleep } from 'node:timers/promises';
  await sleep(300);
  const until = process.cpuUsage().user + 400_000;
  while (process.cpuUsage().user < until);
  connect({ host: '10.1.2.3', port: 80 }).on('error', ({ message }) => console.log(message));
  connect({ host: '127.0.0.1', port: 1 }).on('error', ({ code }) => console.log(code));
  await sleep(600);`;

test('of a watched process is seen how long it does nothing else, and that it connects elsewhere', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'watched.jsonl');
  const args = ['--import', WATCH, '--input-type=module', '-e', PROGRAM];
  const env = { ...processEnvironment(), SECURITY_WATCH_FILE: file };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  expect(stdout).toContain('10.1.2.3 is not to be connected to');
  expect(stdout).toContain('ECONNREFUSED');
  const look = watchFile(file);
  const seen = look();
  expect(seen.connections).toEqual(['10.1.2.3']);
  expect(seen.holdMs).toBeGreaterThan(300);
  expect(seen.mb).toBeGreaterThan(10);
  expect(look()).toMatchObject({ holdMs: 0, connections: [] });
});
