import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, test } from '@jest/globals';
import { childrenOf } from '../src/servers/children-of.ts';
import { describeWithServer } from '../src/servers/describe-with-server.ts';
import { type PostgresServer, startPostgres } from '../src/servers/postgres-server.ts';

/** A dead process may stay in the list until somebody asks for its exit code. */
async function lives(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return status !== '' && !/^State:\s+Z/m.test(status);
}

describeWithServer(['postgres'], 'a server that is killed', () => {
  let server: PostgresServer;
  beforeEach(async () => {
    server = await startPostgres();
  });
  afterEach(() => server.stop());

  test('takes its own processes with it, so that none of them answers any more', async () => {
    let own: readonly number[] = [];
    for (; own.length === 0; own = await childrenOf(server.pid)) await sleep(10);
    // A stopped process does not notice by itself that it is alone.
    for (const pid of own) process.kill(pid, 'SIGSTOP');
    await server.kill();
    while ((await Promise.all(own.map(lives))).includes(true)) await sleep(10);
  });
});
