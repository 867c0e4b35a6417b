import { join } from 'node:path';
import {
  describeWithServer,
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import {
  type Bus,
  createJetStreamBus,
  type DatabaseServer,
  openBus,
  openPgliteServer,
  openPostgresServer,
} from '../src/index.ts';
import { readInstallationId } from '../src/installation.ts';

async function closeAll(buses: readonly Bus[]): Promise<void> {
  await Promise.all(buses.map((bus) => bus.close()));
}

describeWithServer('nats', 'the installation that a NATS server serves', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let nats: NatsServer;
  let mine: DatabaseServer;
  let other: DatabaseServer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    nats = await startNats();
    mine = await openPgliteServer({ folder: join(folder.path, 'mine') });
    other = await openPgliteServer({ folder: join(folder.path, 'other') });
  });
  afterAll(async () => {
    await mine.close();
    await other.close();
    await nats.stop();
    await folder.remove();
  });
  beforeEach(async () => {
    const plain = await connect({ servers: nats.url });
    const { streams } = await jetstreamManager(plain);
    await streams.delete('STATE').catch(() => undefined);
    await plain.close();
  });

  const open = (databaseServer: DatabaseServer) => openBus({ databaseServer, natsUrl: nats.url });

  test('is the first that starts, and that one again; another is refused, with the way out', async () => {
    const [ours, theirs] = [await readInstallationId(mine), await readInstallationId(other)];
    expect(ours).not.toBe(theirs);
    await closeAll([await open(mine), await open(mine)]);
    const refusal = await open(other).catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({ reason: 'OTHER_INSTALLATION', code: 'FAILED_PRECONDITION' });
    for (const told of [ours, theirs, 'of its own']) {
      expect((refusal as Error).message).toContain(told);
    }
  });

  test('is one, where processes of two start at once', async () => {
    const starts = [mine, other, mine, other, mine, other];
    const ids = await Promise.all(
      starts.map(async (server) => {
        const id = await readInstallationId(server);
        const bus = await open(server).catch(() => null);
        await bus?.close();
        return bus === null ? null : id;
      }),
    );
    const served = new Set(ids.filter((id) => id !== null));
    expect(served.size).toBe(1);
    expect(ids.filter((id) => id !== null).length).toBe(3);
  });

  test('adopts the streams of a version that knew no installations', async () => {
    const old = await createJetStreamBus({ url: nats.url });
    const message = { headers: {}, data: new Uint8Array(1) };
    await old.publish({ ...message, id: 'before', subject: 'deepstyle.adopted.tested.v1' });
    await old.close();
    await closeAll([await open(mine)]);
    await expect(open(other)).rejects.toMatchObject({ reason: 'OTHER_INSTALLATION' });
  });
});

describeWithServer('postgres', 'the id of an installation', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  test('is one for six processes that start together', async () => {
    const ids = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const server = await openPostgresServer({ url: postgres.url });
        const id = await readInstallationId(server);
        await server.close();
        return id;
      }),
    );
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(ids).size).toBe(1);
  });
});
