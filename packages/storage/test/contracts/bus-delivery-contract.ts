import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Bus, Delivery } from '../../src/index.ts';
import { type BusHarness, messageOn, nameOf, until, useBus } from './bus-fixture.ts';

/** How every bus delivers, whatever stands behind it. */
export function describeDelivery(start: () => Promise<BusHarness>): void {
  describe('bus contract: delivery', () => {
    const fixture = useBus('d', start);
    const { connect, subscribe, publish, isDone } = fixture;
    let bus: Bus;
    let event: string;
    let job: string;
    let durable: string;
    beforeEach(() => {
      ({ bus, event, job, durable } = fixture.names());
    });

    test('what is published is delivered whole, once, in order, with its place in the stream', async () => {
      const got: Delivery[] = [];
      await subscribe({ concurrency: 1 }, async (delivery) => {
        got.push(delivery);
        return undefined;
      });
      const data = new Uint8Array([0, 1, 254, 255]);
      const first = await bus.publish(
        messageOn(event, 'a', { data, headers: { 'ce-time': '2024', Odd: "a b:c'" } }),
      );
      const second = await bus.publish(messageOn(event, 'b'));
      expect([first.duplicate, second.sequence]).toEqual([false, first.sequence + 1]);
      await until('both came', () => got.length === 2);
      expect(got[0]).toMatchObject({
        subject: event,
        id: `${event}-a`,
        headers: { 'ce-time': '2024', Odd: "a b:c'" },
        sequence: first.sequence,
        attempt: 1,
      });
      expect(Object.keys(got[0]?.headers ?? {}).length).toBe(2);
      expect([...(got[0]?.data ?? [])]).toEqual([0, 1, 254, 255]);
      expect(Math.abs((got[0]?.storedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(got[1]?.id).toBe(`${event}-b`);
      await until('acked', isDone);
    });

    test('a durable that comes later gets what was stored before; one that comes back goes on', async () => {
      await publish(messageOn(event, 'a'), messageOn(event, 'b'));
      const got: string[] = [];
      const handler = async (delivery: Delivery) => {
        got.push(nameOf(delivery));
        return undefined;
      };
      const first = await subscribe({ concurrency: 1 }, handler);
      await until('both came', () => got.length === 2);
      await first.close();
      await publish(messageOn(event, 'c'));
      await subscribe({ concurrency: 1 }, handler);
      await until('the third came', () => got.length === 3);
      expect(got).toEqual(['a', 'b', 'c']);
    });

    test('many events come in the order in which they were stored', async () => {
      const sent = Array.from({ length: 300 }, (_, number) => `event-${number}`);
      const got: string[] = [];
      await subscribe({ concurrency: 1 }, async (delivery) => {
        got.push(nameOf(delivery));
        return undefined;
      });
      await publish(...sent.map((name) => messageOn(event, name)));
      await until('all came', () => got.length >= sent.length);
      expect(got).toEqual(sent);
    });

    test('an id is taken once within the window, even after its ack', async () => {
      const got: string[] = [];
      await subscribe({ stream: 'JOBS', subjects: [job], concurrency: 1 }, async (delivery) => {
        got.push(nameOf(delivery));
        return undefined;
      });
      const first = await bus.publish(messageOn(job, 'once'));
      await until(
        'handled',
        async () => (await bus.lag('JOBS', durable)) === 0 && got.length === 1,
      );
      expect(await bus.publish(messageOn(job, 'once'))).toEqual({
        sequence: first.sequence,
        duplicate: true,
      });
      const [one, two] = await publish(messageOn(job, 'twice'), messageOn(job, 'twice'));
      expect([one?.duplicate, two?.duplicate].sort()).toEqual([false, true]);
      await until('the other came', () => got.length === 2);
      await sleep(100);
      expect(got).toEqual(['once', 'twice']);
    });

    test('every durable gets every event; unwanted subjects go to none', async () => {
      const got: string[] = [];
      const note = (who: string) => async (delivery: Delivery) => {
        got.push(`${who}${nameOf(delivery)}`);
        return undefined;
      };
      const otherEvent = event.replace('.test.', '.other.');
      await subscribe({ concurrency: 1, durable: `${durable}-x` }, note('x'));
      await subscribe(
        { concurrency: 1, durable: `${durable}-y`, subjects: [event, otherEvent] },
        note('y'),
      );
      await publish(
        messageOn(event, '1'),
        messageOn(otherEvent, '2'),
        messageOn('deepstyle.not.wanted.v1', '3'),
      );
      await until('all came', () => got.length === 3);
      expect(got.sort()).toEqual(['x1', 'y1', 'y2']);
    });

    test('a handler that throws gets the message again, with the attempt counted', async () => {
      const attempts: number[] = [];
      await subscribe({}, async (delivery) => {
        attempts.push(delivery.attempt);
        if (delivery.attempt < 3) throw new Error('not yet');
        return { kind: 'ack' };
      });
      await publish(messageOn(event, 'a'));
      await until('the third', () => attempts.length === 3);
      await until('acked', isDone);
      expect(attempts).toEqual([1, 2, 3]);
    });

    test('a retry comes after its delay, not before', async () => {
      const at: number[] = [];
      await subscribe({}, async (delivery) => {
        at.push(Date.now());
        return delivery.attempt === 1
          ? { kind: 'retry', delayMs: 400, reason: 'later' }
          : { kind: 'ack' };
      });
      await publish(messageOn(event, 'a'));
      await until('the second', () => at.length === 2);
      expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(390);
    });

    test('two subscribers of one durable share the work, each message once', async () => {
      const other = await connect();
      const got: Record<string, string[]> = { one: [], two: [] };
      const handler = (who: string) => async (delivery: Delivery) => {
        got[who]?.push(nameOf(delivery));
        await sleep(20);
        return undefined;
      };
      const options = { stream: 'JOBS', subjects: [job], concurrency: 2 } as const;
      await subscribe(options, handler('one'));
      await subscribe(options, handler('two'), other);
      const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
      await publish(...names.map((name) => messageOn(job, name)));
      const all = () => [...(got.one ?? []), ...(got.two ?? [])];
      await until('all came', () => all().length >= 40);
      expect(all().sort()).toEqual([...names].sort());
      expect(got.one?.length).toBeGreaterThan(0);
      expect(got.two?.length).toBeGreaterThan(0);
    });

    test('no more than `concurrency` handlers run at once', async () => {
      let running = 0;
      let most = 0;
      let done = 0;
      await subscribe({ concurrency: 3 }, async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(15);
        running -= 1;
        done += 1;
        return undefined;
      });
      await publish(...Array.from({ length: 20 }, (_, index) => messageOn(event, String(index))));
      await until('all', () => done === 20);
      expect(most).toBe(3);
    });

    test('a job subject belongs to one durable', async () => {
      await subscribe({ stream: 'JOBS', subjects: [job] }, async () => undefined);
      await expect(
        subscribe(
          { stream: 'JOBS', subjects: [job], durable: `${durable}-other` },
          async () => undefined,
        ),
      ).rejects.toMatchObject({ reason: 'SUBJECT_TAKEN', message: expect.stringContaining(job) });
    });

    test('a durable may ask for other subjects later', async () => {
      const got: string[] = [];
      const handler = async (delivery: Delivery) => {
        got.push(nameOf(delivery));
        return undefined;
      };
      const more = event.replace('.test.', '.more.');
      await (await subscribe({}, handler)).close();
      await (await subscribe({ subjects: [event, more] }, handler)).close();
      const last = await subscribe({ subjects: [more], maxFailures: 7 }, handler);
      await publish(messageOn(event, 'no'), messageOn(more, 'yes'));
      await until('it came', () => got.length === 1);
      await last.close();
      expect(got).toEqual(['yes']);
    });
  });
}
