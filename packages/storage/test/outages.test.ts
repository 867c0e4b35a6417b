import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  describeWithServer,
  type NatsServer,
  type PostgresServer,
  type S3Server,
  startNats,
  startPostgres,
  startS3,
} from '@deepstyle/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Bus,
  createJetStreamBus,
  createS3ObjectStore,
  type Database,
  type DatabaseServer,
  type Delivery,
  type ObjectStore,
  openPostgresServer,
} from '../src/index.ts';
import { messageOn, nameOf, until } from './contracts/bus-fixture.ts';

const SUBJECT = 'deepstyle.outage.tested.v1';
const MESSAGES = 4;
/** Failures that make a dead letter; a delivery in an outage is none. */
const MAX_FAILURES = 2;

let count = 0;

/**
 * Sends messages into `work` and has the first of them come again and again while the store is away.
 *
 * @returns what became a dead letter
 */
async function throughOutage(
  bus: Bus,
  work: (name: string) => Promise<void>,
  outage: {
    readonly begin: () => Promise<void>;
    readonly end: () => Promise<void>;
    /** How often one message comes before it ends. */
    readonly deliveries: number;
  },
): Promise<readonly string[]> {
  count += 1;
  const durable = `outage-${count}`;
  const subject = SUBJECT.replace('tested', `tested${count}`);
  const done = new Set<string>();
  let attempts = 0;
  const handler = async (delivery: Delivery): Promise<undefined> => {
    attempts = Math.max(attempts, delivery.attempt);
    await work(nameOf(delivery));
    done.add(nameOf(delivery));
  };
  await outage.begin();
  const subscription = await bus.subscribe(
    {
      stream: 'EVENTS',
      durable,
      subjects: [subject],
      concurrency: 4,
      ackWaitMs: 10_000,
      maxFailures: MAX_FAILURES,
    },
    handler,
  );
  const names = Array.from({ length: MESSAGES }, (_, index) => String(index));
  await Promise.all(names.map((name) => bus.publish(messageOn(subject, name))));
  await until('many deliveries failed', () => attempts >= outage.deliveries);
  expect(done.size).toBe(0);
  await outage.end();
  await until('all is done', () => done.size === MESSAGES);
  await subscription.close();
  const letters = await bus.deadLetters({ after: 0, limit: 100 });
  return letters.filter((one) => one.durable === durable).map(({ reason }) => reason);
}

describeWithServer(['nats', 'postgres', 's3'], 'an outage of many deliveries', () => {
  let nats: NatsServer;
  let postgres: PostgresServer;
  let s3: S3Server;
  let bus: Bus;
  beforeAll(async () => {
    [nats, postgres, s3] = await Promise.all([startNats(), startPostgres(), startS3()]);
    bus = await createJetStreamBus({ url: nats.url, retryDelayMs: () => 10 });
  });
  afterAll(async () => {
    await bus.close();
    await Promise.all([nats.stop(), postgres.stop(), s3.stop()]);
  });

  const tellAll = (database: Database) =>
    database.transaction('test', async (tx) =>
      (await tx.query<{ name: string }>('SELECT name FROM seen')).map(({ name }) => name),
    );

  async function openTable(server: DatabaseServer, schema: string) {
    const database = await server.schema(schema);
    await database.transaction('test', (tx) =>
      tx.script(
        // The server of tests commits without waiting for its log, and is killed.
        'SET LOCAL synchronous_commit = on; CREATE TABLE seen (name text PRIMARY KEY)',
      ),
    );
    const insert = (name: string) =>
      database.transaction('test', async (tx) => {
        await tx.query('INSERT INTO seen VALUES ($1) ON CONFLICT DO NOTHING', [name]);
      });
    return { database, insert };
  }

  test('of PostgreSQL uses nothing up', async () => {
    const server = await openPostgresServer({ url: postgres.url });
    const { database, insert } = await openTable(server, 'away');
    const letters = await throughOutage(bus, insert, {
      deliveries: 40,
      begin: () => postgres.kill(),
      end: () => postgres.restart(),
    });
    expect(letters).toEqual([]);
    expect(await tellAll(database)).toHaveLength(MESSAGES);
    await server.close();
  });

  test('of its password uses nothing up', async () => {
    const admin = await openPostgresServer({ url: postgres.url });
    const run = async (sql: string): Promise<void> => {
      const schema = await admin.schema('admin');
      await schema.transaction('test', (tx) => tx.script(sql));
    };
    await run(
      "CREATE ROLE tenant LOGIN PASSWORD 'first'; GRANT CREATE ON DATABASE postgres TO tenant",
    );
    const url = `postgres://tenant:first@127.0.0.1:${postgres.port}/postgres`;
    const server = await openPostgresServer({ url });
    const { database, insert } = await openTable(server, 'password');
    const letters = await throughOutage(bus, insert, {
      deliveries: 40,
      begin: () =>
        run(
          "ALTER ROLE tenant PASSWORD 'second'; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tenant'",
        ),
      end: () => run("ALTER ROLE tenant PASSWORD 'first'"),
    });
    expect(letters).toEqual([]);
    expect(await tellAll(database)).toHaveLength(MESSAGES);
    await server.close();
    await admin.close();
  });

  test('of NATS loses nothing that was taken', async () => {
    const own = await startNats();
    const restless = await createJetStreamBus({ url: own.url, retryDelayMs: () => 10 });
    const got = new Set<string>();
    await restless.subscribe(
      {
        stream: 'EVENTS',
        durable: 'restless',
        subjects: [SUBJECT],
        concurrency: 2,
        ackWaitMs: 1000,
        maxFailures: MAX_FAILURES,
      },
      async (delivery) => {
        got.add(nameOf(delivery));
        return undefined;
      },
    );
    const names = Array.from({ length: MESSAGES }, (_, index) => String(index));
    for (const name of names) {
      await until('it is taken', () =>
        restless.publish(messageOn(SUBJECT, name)).then(
          () => true,
          () => false,
        ),
      );
      if (name === '1') {
        await own.kill();
        await own.restart();
      }
    }
    await until('all came', () => got.size === MESSAGES);
    expect(await restless.countDeadLetters()).toEqual([]);
    await restless.close();
    await own.stop();
  });

  describe('of the key of the object store', () => {
    let gate: Server;
    let isRefused = false;
    let store: ObjectStore;
    beforeEach(async () => {
      gate = http.createServer((request, response) => {
        if (isRefused) {
          request.resume();
          response.writeHead(403, { 'content-type': 'application/xml' });
          response.end(
            '<?xml version="1.0"?><Error><Code>InvalidAccessKeyId</Code><Message>no such key</Message></Error>',
          );
          return;
        }
        const { method, url: path, headers } = request;
        const onward = http.request(
          { host: '127.0.0.1', port: s3.port, method, path, headers },
          (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
          },
        );
        request.pipe(onward);
      });
      await new Promise<void>((resolve) => {
        gate.listen(0, '127.0.0.1', resolve);
      });
      const { port } = gate.address() as AddressInfo;
      const { accessKey, secretKey, region } = s3;
      const endpoint = `http://127.0.0.1:${port}`;
      store = await createS3ObjectStore({
        endpoint,
        region,
        bucket: 'outages',
        accessKey,
        secretKey,
      });
    });
    afterEach(async () => {
      await store.close();
      gate.closeAllConnections();
      gate.close();
    });

    test('uses nothing up', async () => {
      const put = async (name: string): Promise<void> => {
        await store.put(`outages/${name}`, Buffer.from(name), 'text/plain');
      };
      const letters = await throughOutage(bus, put, {
        // Each tries several times, with pauses.
        deliveries: 5,
        begin: async () => {
          isRefused = true;
        },
        end: async () => {
          isRefused = false;
        },
      });
      expect(letters).toEqual([]);
      const keys: string[] = [];
      for await (const { key } of store.list('outages/')) keys.push(key);
      expect(keys).toHaveLength(MESSAGES);
    });
  });
});
