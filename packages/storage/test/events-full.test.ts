import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTransient } from '@deepstyle/platform';
import {
  describeWithServer,
  type NatsServer,
  startNats,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  DiscardPolicy,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import { type Bus, createJetStreamBus, type Retention } from '../src/index.ts';
import { messageOn, until } from './contracts/bus-fixture.ts';
import { leaveDurable, publishNumbered, readDurable } from './contracts/bus-kept-contract.ts';

const SUBJECT = 'deepstyle.kept.tested.v1';
const MAX_BYTES = 100_000;

describeWithServer('nats', 'the stream EVENTS at its limit', () => {
  let nats: NatsServer;
  let plain: NatsConnection;
  let manager: JetStreamManager;
  const open: Bus[] = [];
  beforeAll(async () => {
    nats = await startNats();
    plain = await connect({ servers: nats.url });
    manager = await jetstreamManager(plain);
  });
  afterAll(async () => {
    await plain.close();
    await nats.stop();
  });
  beforeEach(async () => {
    await manager.streams.delete('EVENTS').catch(() => undefined);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bus) => bus.close()));
  });

  async function openBus(retention: Retention): Promise<Bus> {
    const bus = await createJetStreamBus({ url: nats.url, retention });
    open.push(bus);
    return bus;
  }

  const publish = (bus: Bus, name: string): Promise<unknown> =>
    bus.publish(messageOn(SUBJECT, name, { data: new Uint8Array(5_000) }));

  test('refuses what does not fit, which is no verdict, and takes it when the slow durable has read', async () => {
    const bus = await openBus({ maxBytes: MAX_BYTES, everyMs: 40 });
    await leaveDurable(bus, 'slow');
    let stored = 0;
    let refusal: unknown = null;
    while (refusal === null) {
      await publish(bus, String(stored)).then(
        () => {
          stored += 1;
        },
        (error: unknown) => {
          refusal = error;
        },
      );
    }
    expect(stored).toBeGreaterThan(15);
    expect(refusal).toMatchObject({ reason: 'BUS_FULL' });
    expect(isTransient(refusal)).toBe(true);
    await expect(bus.checkWrite()).rejects.toBe(refusal);
    const { bytes, maxBytes, durables } = await bus.eventsUsage();
    expect(maxBytes).toBe(MAX_BYTES);
    expect(bytes / MAX_BYTES).toBeGreaterThan(0.9);
    expect(durables).toEqual([{ name: 'slow', holds: stored }]);
    const got = await readDurable(bus, 'slow');
    await until('it is taken', () =>
      publish(bus, 'at last').then(
        () => true,
        () => false,
      ),
    );
    await until('all came', () => got.length === stored + 1);
    await bus.checkWrite();
  });

  test('what all have handled takes half of it at most, the newest, which can be replayed', async () => {
    const bus = await openBus({ maxBytes: MAX_BYTES, everyMs: 40 });
    const got = await readDurable(bus, 'quick');
    for (let index = 0; index < 60; index += 1) {
      await until('it is taken', () =>
        publish(bus, String(index)).then(
          () => true,
          () => false,
        ),
      );
    }
    await until('all came', () => got.length === 60);
    const isHalf = async (): Promise<boolean> => (await bus.eventsUsage()).bytes <= MAX_BYTES / 2;
    await until('the history is short', isHalf);
    const { state } = await manager.streams.info('EVENTS');
    expect(state.last_seq).toBe(60);
    expect(state.bytes).toBeGreaterThan(MAX_BYTES / 4);
    for await (const { sequence } of bus.replay({
      subjects: [],
      fromSequence: 1,
      signal: new AbortController().signal,
    })) {
      expect(sequence).toBe(state.first_seq);
      break;
    }
  });

  test('by age only what is older goes', async () => {
    const bus = await openBus({ maxAgeMs: 1_500, everyMs: 40 });
    await publishNumbered(bus, 10);
    const { state: before } = await manager.streams.info('EVENTS');
    const end = new Date(before.last_ts).getTime();
    await until('some time has passed', () => Date.now() > end + 700);
    await bus.publish(messageOn(SUBJECT, 'newer'));
    const first = async () => (await manager.streams.info('EVENTS')).state.first_seq;
    await until('the older ones are gone', async () => (await first()) === 11);
  });

  test('a stream of an older version is given the new rule, and keeps the size that somebody set', async () => {
    await manager.streams.add({
      name: 'EVENTS',
      subjects: ['deepstyle.*.*.v1'],
      retention: RetentionPolicy.Limits,
      max_age: nanos(14 * 86_400_000),
      max_bytes: 5 * 2 ** 20,
      duplicate_window: nanos(120_000),
    });
    await openBus({});
    const { config } = await manager.streams.info('EVENTS');
    expect(config).toMatchObject({
      max_age: 0,
      discard: DiscardPolicy.New,
      max_bytes: 5 * 2 ** 20,
    });
    await openBus({ maxBytes: 6 * 2 ** 20 });
    expect((await manager.streams.info('EVENTS')).config.max_bytes).toBe(6 * 2 ** 20);
  });

  test('a server without room is told like a full stream, by publishing and by the check', async () => {
    const folder = await temporaryFolder();
    const file = join(folder.path, 'nats.conf');
    writeFileSync(file, 'jetstream { max_file_store: 1MB }');
    const small = await startNats({ args: ['-c', file] });
    const bus = await createJetStreamBus({ url: small.url, retention: { maxBytes: 300_000 } });
    let refusal: unknown = null;
    for (let index = 0; index < 200 && refusal === null; index += 1) {
      const data = new Uint8Array(50_000);
      await bus
        .publish({ subject: 'deepstyle.jobs.full', id: String(index), headers: {}, data })
        .catch((error: unknown) => {
          refusal = error;
        });
    }
    expect(refusal).toMatchObject({ reason: 'BUS_FULL' });
    await bus.check();
    await expect(bus.checkWrite()).rejects.toMatchObject({ reason: 'BUS_FULL' });
    await bus.close();
    await small.stop();
    await folder.remove();
  });
});
