import { join } from 'node:path';
import { describeWithServer, startNats, startPostgres, temporaryFolder } from '@deepstyle/testkit';
import { describe } from '@jest/globals';
import { openBus, openDatabaseServer } from '../src/index.ts';
import { describeOutbox } from './contracts/outbox-contract.ts';

describe('all embedded', () => {
  describeOutbox(async () => {
    const folder = await temporaryFolder();
    const server = await openDatabaseServer({ dataFolder: join(folder.path, 'data') });
    const bus = await openBus({ databaseServer: server });
    return {
      server,
      bus,
      stop: async () => {
        await bus.close();
        await server.close();
        await folder.remove();
      },
    };
  });
});

describeWithServer(['postgres', 'nats'], 'PostgreSQL and JetStream', () => {
  describeOutbox(async () => {
    const [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
    const server = await openDatabaseServer({ dataFolder: '/nowhere', url: postgres.url });
    const bus = await openBus({ databaseServer: server, natsUrl: nats.url });
    return {
      server,
      bus,
      stop: async () => {
        await bus.close();
        await server.close();
        await Promise.all([postgres.stop(), nats.stop()]);
      },
    };
  });
});
