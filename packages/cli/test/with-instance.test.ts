import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openPgliteServer } from '@deepstyle/storage';
import { temporaryFolder } from '@deepstyle/testkit';
import { expect, jest, test } from '@jest/globals';
import { Call } from '../src/call.ts';
import { announceInstance } from '../src/instance/instance.ts';
import { withInstance } from '../src/instance/with-instance.ts';

test('a command says who has its data folder, and takes the instance that comes up there', async () => {
  await using data = await temporaryFolder('cli-waits');
  const holder = await openPgliteServer({ folder: join(data.path, 'database') });
  const server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const said: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    // It comes up after the command has tried once more to start its own.
    if (String(text).includes('Waiting for it'))
      setTimeout(() => announceInstance(data.path, { url, token: 'its token' }), 700);
    return true;
  });
  try {
    const call = new Call({ DEEPSTYLE_DATA: data.path });
    const used = await withInstance(
      call,
      () => 'Stopping.',
      async (_graph, instance) => instance,
    );
    expect(used).toMatchObject({ url, token: 'its token', isOwn: false });
    expect(said.join('')).toContain(`in use by process ${process.pid} (`);
    expect(said.filter((text) => text.startsWith('Starting in'))).toHaveLength(1);
  } finally {
    write.mockRestore();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await holder.close();
  }
});
