import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type BusHarness, messageOn, nameOf, until, useBus } from './bus-fixture.ts';

/** How every bus lends a message to a subscriber, and takes it back. */
export function describeLeases(start: () => Promise<BusHarness>): void {
  describe('bus contract: leases', () => {
    const fixture = useBus('l', start);
    const { connect, subscribe, publish, isDone } = fixture;
    let event: string;
    let job: string;
    beforeEach(() => {
      ({ event, job } = fixture.names());
    });

    test('what a closing subscriber has taken ahead goes to the next at once, long before its lease ends', async () => {
      const sent = Array.from({ length: 300 }, (_, number) => `event-${number}`);
      const got = new Set<string>();
      const handler = async (delivery: { readonly data: Uint8Array }) => {
        got.add(nameOf(delivery));
        return undefined;
      };
      const first = await subscribe({ concurrency: 1, ackWaitMs: 60_000 }, handler);
      await publish(...sent.map((name) => messageOn(event, name)));
      await until('some came', () => got.size >= 50);
      await first.close();
      await subscribe({ concurrency: 1, ackWaitMs: 60_000 }, handler);
      await until('the others came', () => got.size === sent.length);
    });

    test('without an ack the lease ends and another subscriber gets the message', async () => {
      const other = await connect();
      const got: string[] = [];
      let release: () => void = () => undefined;
      const hanging = new Promise<void>((resolve) => {
        release = resolve;
      });
      await subscribe({ concurrency: 1, ackWaitMs: 300 }, async () => {
        got.push('hangs');
        await hanging;
        return undefined;
      });
      await publish(messageOn(event, 'a'));
      await until('the first hangs', () => got.length === 1);
      await subscribe(
        { concurrency: 1, ackWaitMs: 300 },
        async (delivery) => {
          got.push(`attempt ${delivery.attempt}`);
          return undefined;
        },
        other,
      );
      await until('the second has it', () => got.length === 2);
      release();
      await until('acked', isDone);
      // Where the hanging one had fetched it again, giving it back may count as an attempt.
      expect(got).toEqual(['hangs', expect.stringMatching(/^attempt [23]$/)]);
    });

    test('working() keeps the lease for as long as the work goes on', async () => {
      let deliveries = 0;
      await subscribe({ ackWaitMs: 400, concurrency: 2 }, async (delivery) => {
        deliveries += 1;
        for (let step = 0; step < 12; step += 1) {
          await sleep(100);
          await delivery.working();
        }
        return undefined;
      });
      await publish(messageOn(event, 'long'));
      await until('begun', () => deliveries === 1);
      await until('acked', isDone);
      expect(deliveries).toBe(1);
    });

    test('events that wait for their turn do not lose their lease', async () => {
      const attempts: number[] = [];
      await subscribe({ ackWaitMs: 400, concurrency: 1 }, async (delivery) => {
        await sleep(150);
        attempts.push(delivery.attempt);
        return undefined;
      });
      await publish(...Array.from({ length: 10 }, (_, index) => messageOn(event, String(index))));
      await until('all', () => attempts.length >= 10);
      await until('acked', isDone);
      expect(attempts).toEqual(Array.from({ length: 10 }, () => 1));
    });

    test('jobs are not fetched ahead: a second subscriber takes what the first has no hand for', async () => {
      const other = await connect();
      const got: string[] = [];
      let release: () => void = () => undefined;
      const hanging = new Promise<void>((resolve) => {
        release = resolve;
      });
      const options = { stream: 'JOBS', subjects: [job], concurrency: 1 } as const;
      await subscribe(options, async (delivery) => {
        got.push(`first ${nameOf(delivery)}`);
        await hanging;
        return undefined;
      });
      await publish(messageOn(job, 'a'));
      await until('the first works', () => got.length === 1);
      await publish(messageOn(job, 'b'), messageOn(job, 'c'));
      await subscribe(
        options,
        async (delivery) => {
          got.push(`second ${nameOf(delivery)}`);
          return undefined;
        },
        other,
      );
      await until('all are taken', () => got.length === 3);
      release();
      expect(got.sort()).toEqual(['first a', 'second b', 'second c']);
    });
  });
}
