import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Bus, Delivery } from '../../src/index.ts';
import { type BusHarness, messageOn, nameOf, until, useBus } from './bus-fixture.ts';

/** What every bus keeps, ends and refuses, whatever stands behind it. */
export function describeHistory(start: () => Promise<BusHarness>): void {
  describe('bus contract: replay, closing, limits', () => {
    const fixture = useBus('h', start);
    const { connect, subscribe, publish, isDone, letters } = fixture;
    let bus: Bus;
    let event: string;
    let durable: string;
    beforeEach(() => {
      ({ bus, event, durable } = fixture.names());
    });

    test('replay begins at a sequence and goes on with what comes', async () => {
      const published = await publish(...['a', 'b', 'c'].map((name) => messageOn(event, name)));
      const from = Math.min(...published.map((one) => one.sequence)) + 1;
      const stop = new AbortController();
      const got: string[] = [];
      const reading = (async () => {
        for await (const one of bus.replay({
          subjects: [event],
          fromSequence: from,
          signal: stop.signal,
        })) {
          got.push(nameOf(one));
          if (got.length === 2) await bus.publish(messageOn(event, 'd'));
          if (got.length === 3) stop.abort();
        }
      })();
      await reading;
      expect(got).toEqual(['b', 'c', 'd']);
    });

    test('replay of `new` begins after its call, of all subjects where none is named', async () => {
      await publish(messageOn(event, 'old'));
      const stop = new AbortController();
      const replayed = bus.replay({ subjects: [], fromSequence: 'new', signal: stop.signal });
      const iterator = replayed[Symbol.asyncIterator]();
      const first = iterator.next();
      await sleep(200);
      await publish(messageOn(event, 'new'));
      expect((await first).value).toMatchObject({ subject: event, id: `${event}-new` });
      const second = iterator.next();
      stop.abort();
      expect((await second).done).toBe(true);
    });

    test('replay from the beginning shows what every durable has long acked', async () => {
      await subscribe({}, async () => undefined);
      await publish(messageOn(event, 'a'));
      await until('acked', isDone);
      const stop = new AbortController();
      for await (const one of bus.replay({
        subjects: [event],
        fromSequence: 0,
        signal: stop.signal,
      })) {
        expect(nameOf(one)).toBe('a');
        break;
      }
      stop.abort();
    });

    test('lag counts what waits and what is in flight', async () => {
      await (await subscribe({}, async () => undefined)).close();
      await publish(messageOn(event, 'a'), messageOn(event, 'b'), messageOn(event, 'c'));
      expect(await bus.lag('EVENTS', durable)).toBe(3);
      let release: () => void = () => undefined;
      const hanging = new Promise<void>((resolve) => {
        release = resolve;
      });
      let begun = 0;
      await subscribe({ concurrency: 1 }, async () => {
        begun += 1;
        await hanging;
        return undefined;
      });
      await until('one is in flight', () => begun === 1);
      expect(await bus.lag('EVENTS', durable)).toBe(3);
      release();
      await until('all are done', isDone);
      expect(await bus.lag('EVENTS', 'nobody')).toBe(0);
    });

    test('close waits for the handlers under way, and what was not begun goes to others at once', async () => {
      const done: string[] = [];
      let begun = 0;
      const first = await subscribe({ concurrency: 1, ackWaitMs: 60_000 }, async (delivery) => {
        begun += 1;
        await sleep(200);
        done.push(nameOf(delivery));
        return undefined;
      });
      await publish(...['a', 'b', 'c'].map((name) => messageOn(event, name)));
      await until('one is begun', () => begun === 1);
      await first.close();
      expect(done).toEqual(['a']);
      const attempts: string[] = [];
      await subscribe({ concurrency: 1, ackWaitMs: 60_000 }, async (delivery) => {
        attempts.push(nameOf(delivery));
        return undefined;
      });
      await until('the rest came', () => attempts.length === 2);
      expect(attempts.sort()).toEqual(['b', 'c']);
      await until('acked', isDone);
    });

    test('close does not wait for ever', async () => {
      let begun = 0;
      let release: () => void = () => undefined;
      const hanging = new Promise<void>((resolve) => {
        release = resolve;
      });
      const subscription = await subscribe({}, async () => {
        begun += 1;
        await hanging;
        return undefined;
      });
      await publish(messageOn(event, 'a'));
      await until('begun', () => begun === 1);
      await subscription.close(50);
      release();
      await sleep(50);
    });

    test('another connection goes on where the first one ended', async () => {
      const first = await connect();
      const got: string[] = [];
      const handler = async (delivery: Delivery) => {
        got.push(nameOf(delivery));
        return undefined;
      };
      await subscribe({}, handler, first);
      await first.publish(messageOn(event, 'a'));
      await until('the first came', () => got.length === 1);
      await first.close();
      await expect(first.publish(messageOn(event, 'x'))).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
      await expect(first.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await expect(first.checkWrite()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await bus.publish(messageOn(event, 'b'));
      await subscribe({}, handler);
      await until('the second came', () => got.length === 2);
      expect(got).toEqual(['a', 'b']);
    });

    test('hundreds of small events get through, each once', async () => {
      const got = new Set<string>();
      let deliveries = 0;
      await subscribe({ concurrency: 16 }, async (delivery) => {
        deliveries += 1;
        got.add(delivery.id);
        return undefined;
      });
      await publish(...Array.from({ length: 600 }, (_, index) => messageOn(event, String(index))));
      await until('all came', () => got.size === 600);
      await until('acked', isDone);
      expect(deliveries).toBe(600);
    });

    test.each([
      ['deepstyle.photo.v1'],
      ['deepstyle.photo.stored.v2'],
      ['deepstyle.jobs'],
      ['photo'],
      ['deepstyle.*.stored.v1'],
      ['deepstyle.jobs.a b'],
      [''],
    ])('nothing can be published on %j', async (subject) => {
      await expect(bus.publish(messageOn(subject, 'a', { id: 'a' }))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    });

    test.each([
      ['a line break', { 'ce-a': 'b\r\nNats-Rollup: all' }],
      ['a letter beyond ASCII', { 'ce-a': 'ü' }],
      ['a space at its end', { 'ce-a': 'b ' }],
      ['a name with a colon', { 'ce:a': 'b' }],
      ['a name of the server', { 'Nats-Msg-Id': 'b' }],
    ])('a header with %s is refused', async (_what, headers) => {
      await expect(bus.publish(messageOn(event, 'a', { headers }))).rejects.toMatchObject({
        reason: 'INVALID_MESSAGE',
      });
    });

    test('a message of a mebibyte less eight kibibytes passes, a larger one is refused', async () => {
      const got: number[] = [];
      await subscribe({}, async (delivery) => {
        got.push(delivery.data.length);
        return { kind: 'dead-letter', reason: 'to see that its record fits' };
      });
      const largest = 1_048_576 - 8192 - 200;
      await bus.publish(messageOn(event, 'large', { data: new Uint8Array(largest) }));
      await until('it came', () => got.length === 1);
      await until('it is listed', async () => (await letters()).length === 1);
      expect((await letters())[0]?.message.data.length).toBe(largest);
      await expect(
        bus.publish(messageOn(event, 'larger', { data: new Uint8Array(1_048_576) })),
      ).rejects.toMatchObject({ reason: 'MESSAGE_TOO_LARGE' });
    });

    test.each([
      [{ durable: 'With Space' }],
      [{ durable: '' }],
      [{ subjects: [] }],
      [{ concurrency: 0 }],
      [{ subjects: ['deepstyle.jobs.x'] }],
      [{ subjects: ['deepstyle.>'] }],
      [{ maxFailures: 0 }],
      [{ ackWaitMs: 0 }],
      [{ stream: 'JOBS' as const }],
    ])('a subscription with %j is refused', async (change) => {
      await expect(subscribe(change, async () => undefined)).rejects.toMatchObject({
        reason: 'INVALID_SUBSCRIPTION',
      });
    });

    test('check passes', async () => {
      await bus.check();
      await bus.checkWrite();
    });
  });
}
