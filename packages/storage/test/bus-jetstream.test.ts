import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithServer, type NatsServer, startNats } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Bus, createJetStreamBus, type DeadLetter } from '../src/index.ts';
import { describeBus } from './contracts/bus-contract.ts';
import { until } from './contracts/bus-fixture.ts';
import { describeKept } from './contracts/bus-kept-contract.ts';

describeWithServer('nats', 'JetStream', () => {
  let nats: NatsServer;
  beforeAll(async () => {
    nats = await startNats();
  });
  afterAll(async () => {
    await nats.stop();
  });
  const connect = (url = nats.url) => createJetStreamBus({ url, retryDelayMs: () => 20 });
  describeBus(async () => ({ connect, stop: async () => undefined }));
  describeKept(async (retention) => {
    const own = await startNats();
    const bus = await createJetStreamBus({ url: own.url, retryDelayMs: () => 20, retention });
    const close = async (): Promise<void> => {
      await bus.close();
      await own.stop();
    };
    return { bus, close };
  });

  const event = (id: string) => ({
    subject: 'deepstyle.restart.tested.v1',
    id,
    headers: {},
    data: new Uint8Array(1),
  });

  /** Publishes it once the server is back. */
  async function published(bus: Bus, id: string): Promise<void> {
    for (;;) {
      const isBack = await bus.publish(event(id)).then(
        () => true,
        () => false,
      );
      if (isBack) return;
    }
  }

  test('a restart of the server loses nothing, and the same bus goes on', async () => {
    const own = await startNats();
    const bus = await connect(own.url);
    const got: string[] = [];
    await bus.subscribe(
      {
        stream: 'EVENTS',
        durable: 'survivor',
        subjects: [event('').subject],
        concurrency: 2,
        ackWaitMs: 2000,
        maxFailures: 5,
      },
      async (delivery) => {
        got.push(delivery.id);
        return undefined;
      },
    );
    await bus.publish(event('before'));
    await own.kill();
    await expect(bus.publish(event('while away'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await own.restart();
    await published(bus, 'after');
    while (!got.includes('after')) await sleep(20);
    expect(got[0]).toBe('before');
    await bus.close();
    await own.stop();
  });

  test('a clock that is set back an hour while the server is away keeps nothing from it', async () => {
    const own = await startNats();
    const bus = await connect(own.url);
    const clock = jest.spyOn(Date, 'now');
    const rightTime = () => performance.timeOrigin + performance.now();
    clock.mockImplementation(() => rightTime() + 3_600_000);
    await own.kill();
    await expect(bus.publish(event('while away'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    clock.mockRestore();
    await own.restart();
    await published(bus, 'after');
    await bus.close();
    await own.stop();
  });

  test('a durable that somebody deleted is made again', async () => {
    const bus = await connect();
    const got: string[] = [];
    await bus.subscribe(
      {
        stream: 'EVENTS',
        durable: 'deleted',
        subjects: ['deepstyle.deleted.tested.v1'],
        concurrency: 2,
        ackWaitMs: 2000,
        maxFailures: 5,
      },
      async (delivery) => {
        got.push(delivery.id);
        return undefined;
      },
    );
    const { connect: connectPlain } = await import('@nats-io/transport-node');
    const { jetstreamManager } = await import('@nats-io/jetstream');
    const other = await connectPlain({ servers: nats.url });
    await (await jetstreamManager(other)).consumers.delete('EVENTS', 'deleted');
    await other.close();
    await bus.publish({ ...event('again'), subject: 'deepstyle.deleted.tested.v1' });
    while (!got.includes('again')) await sleep(20);
    await bus.close();
  });

  test('a job that an older release’s consumer gave up goes from its queue with its dead letter', async () => {
    const bus = await connect();
    const { connect: connectPlain } = await import('@nats-io/transport-node');
    const { AckPolicy, jetstream, jetstreamManager } = await import('@nats-io/jetstream');
    const other = await connectPlain({ servers: nats.url });
    const manager = await jetstreamManager(other);
    await manager.consumers.add('JOBS', {
      durable_name: 'limited',
      filter_subject: 'deepstyle.jobs.limited',
      ack_policy: AckPolicy.Explicit,
      max_deliver: 1,
    });
    for (const id of ['retried', 'dropped'])
      await bus.publish({ ...event(id), subject: 'deepstyle.jobs.limited' });
    const consumer = await jetstream(other).consumers.get('JOBS', 'limited');
    for await (const message of await consumer.fetch({ max_messages: 2 })) message.nak();
    // The server speaks when it looks for more.
    for await (const message of await consumer.fetch({ max_messages: 1, expires: 1000 }))
      message.nak();
    const letters = async () =>
      (await bus.deadLetters({ after: 0, limit: 1000 })).filter(
        ({ durable }) => durable === 'limited',
      );
    await until('both are listed', async () => (await letters()).length === 2);
    const [retried, dropped] = (await letters()) as [DeadLetter, DeadLetter];
    expect(retried).toMatchObject({ attempts: 1, message: { id: 'retried' } });
    await bus.retryDeadLetter(retried.id);
    await bus.dropDeadLetter(dropped.id);
    expect(await letters()).toEqual([]);
    const { state } = await manager.streams.info('JOBS', { subjects_filter: '>' });
    expect(state.subjects).toMatchObject({ 'deepstyle.jobs.limited': 1 });
    await other.close();
    await bus.close();
  });

  test('many that start together agree on the streams', async () => {
    const own = await startNats();
    const buses = await Promise.all(Array.from({ length: 6 }, () => connect(own.url)));
    await Promise.all(buses.map((bus, index) => bus.publish(event(`together ${index}`))));
    for (const bus of buses) await bus.close();
    await own.stop();
  });

  test.each([
    ['a server that is not there', 'nats://127.0.0.1:1', 'BUS_UNAVAILABLE', /127\.0\.0\.1:1/],
    ['another scheme', 'http://127.0.0.1:4222', 'BUS_SETTINGS', /not of the form/],
    ['no URL', 'a-password-of-tests', 'BUS_SETTINGS', /not of the form/],
  ])('%s is a clear error', async (_what, url, reason, message) => {
    const error = await connect(url).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ reason, message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain('a-password-of-tests');
  });

  test('a wrong password is said without repeating it; the right one works', async () => {
    const own = await startNats({ args: ['--user', 'ann', '--pass', 'right-password'] });
    const error = await connect(own.url.replace('//', '//ann:wrong-password@')).catch(
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toMatchObject({
      reason: 'BUS_SETTINGS',
      message: expect.stringMatching(/refuses the login/),
    });
    expect((error as Error).message).not.toContain('wrong-password');
    await (await connect(own.url.replace('//', '//ann:right-password@'))).close();
    await own.stop();
  });

  test('a server without JetStream is told apart', async () => {
    const own = await startNats({ jetstream: false });
    await expect(connect(own.url)).rejects.toMatchObject({
      reason: 'BUS_SETTINGS',
      message: expect.stringMatching(/no JetStream.*-js/),
    });
    await own.stop();
  });
});
