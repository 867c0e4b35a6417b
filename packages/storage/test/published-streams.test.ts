import { readFileSync } from 'node:fs';
import { describeWithServer, startNats } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, millis } from '@nats-io/transport-node';
import { createJetStreamBus } from '../src/index.ts';

type Published = Readonly<Record<string, { readonly [fact: string]: unknown }>>;

const url = new URL('../../contracts/gen/events/asyncapi.yaml', import.meta.url);
const { 'x-jetstream-streams': published } = JSON.parse(readFileSync(url, 'utf8')) as {
  'x-jetstream-streams': Published;
};

describeWithServer('nats', 'the streams in asyncapi.yaml', () => {
  let nats: Awaited<ReturnType<typeof startNats>>;
  beforeAll(async () => {
    nats = await startNats();
    const bus = await createJetStreamBus({ url: nats.url });
    await bus.close();
  });
  afterAll(() => nats.stop());

  test.each(Object.entries(published))('%s is made as published', async (name, facts) => {
    const connection = await connect({ servers: nats.url });
    try {
      const { config } = await (await jetstreamManager(connection)).streams.info(name);
      const { description: _, ...limits } = facts;
      expect({
        subjects: config.subjects,
        retention: config.retention,
        duplicateWindowSeconds: millis(config.duplicate_window) / 1000,
        ...(config.max_age === 0 ? {} : { maxAgeSeconds: millis(config.max_age) / 1000 }),
        ...(config.max_bytes === -1 ? {} : { maxBytes: config.max_bytes, discard: config.discard }),
      }).toEqual(limits);
    } finally {
      await connection.close();
    }
  });
});
