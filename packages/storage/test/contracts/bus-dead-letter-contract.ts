import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Bus, DeadLetter, Delivery } from '../../src/index.ts';
import { type BusHarness, messageOn, nameOf, until, useBus } from './bus-fixture.ts';

/** What a person can do with the dead letters of every bus, whatever stands behind it. */
export function describeDeadLetters(start: () => Promise<BusHarness>): void {
  describe('bus contract: dead letters', () => {
    const fixture = useBus('g', start);
    const { subscribe, publish, isDone, letters } = fixture;
    let bus: Bus;
    let event: string;
    let job: string;
    let durable: string;
    beforeEach(() => {
      ({ bus, event, job, durable } = fixture.names());
    });

    const giveUp = async () => ({ kind: 'dead-letter', reason: 'it is sick' }) as const;
    const listed = async (count: number): Promise<readonly DeadLetter[]> => {
      await until(`${count} are listed`, async () => (await letters()).length === count);
      return letters();
    };
    const isQueueEmpty = async () => (await bus.lag('JOBS', durable)) === 0;

    test('they are listed oldest first, page by page, and read by id', async () => {
      await subscribe({ concurrency: 1 }, giveUp);
      for (const name of ['a', 'b', 'c']) await bus.publish(messageOn(event, name));
      const all = await listed(3);
      expect(all.map(({ message }) => nameOf(message))).toEqual(['a', 'b', 'c']);
      const [a, b, c] = all as [DeadLetter, DeadLetter, DeadLetter];
      expect(await bus.deadLetters({ after: a.place, limit: 1 })).toEqual([b]);
      expect(await bus.deadLetters({ after: b.place, limit: 10 })).toEqual([c]);
      expect(await bus.deadLetters({ after: c.place, limit: 10 })).toEqual([]);
      expect(await bus.deadLetter(b.id)).toEqual(b);
    });

    test('they are counted by durable', async () => {
      await subscribe({}, giveUp);
      const other = `${durable}-jobs`;
      await subscribe({ stream: 'JOBS', subjects: [job], durable: other }, giveUp);
      await publish(messageOn(event, 'a'), messageOn(event, 'b'), messageOn(job, 'c'));
      await listed(2);
      await until('the job is listed', async () => (await letters(other)).length === 1);
      expect(await bus.countDeadLetters()).toEqual(
        expect.arrayContaining([
          { stream: 'EVENTS', durable, count: 2 },
          { stream: 'JOBS', durable: other, count: 1 },
        ]),
      );
    });

    test('what failed again is another dead letter; its failures were counted from zero', async () => {
      const failures: number[] = [];
      await subscribe(
        { stream: 'JOBS', subjects: [job], maxFailures: 2 },
        async (delivery: Delivery) => {
          failures.push(delivery.failures);
          throw new Error('still sick');
        },
      );
      await publish(messageOn(job, 'a'));
      const [first] = await listed(1);
      await bus.retryDeadLetter(first!.id);
      await until('it failed again', async () => {
        const [second] = await letters();
        return second !== undefined && second.id !== first!.id;
      });
      expect(failures).toEqual([0, 1, 0, 1]);
      const [second] = await listed(1);
      await bus.retryDeadLetter(second!.id);
      await until('and again', () => failures.length === 6);
      const [third] = await listed(1);
      const ids = [first, second, third].map((letter) => letter!.message.id);
      expect(new Set(ids).size).toBe(3);
      for (const id of ids) expect(id.split('~')[0]).toBe(`${job}-a`);
    });

    test('a retry that is made twice at once publishes once', async () => {
      const got: string[] = [];
      let isCured = false;
      await subscribe({}, async (delivery) => {
        if (!isCured) return giveUp();
        got.push(delivery.id);
        return undefined;
      });
      await publish(messageOn(event, 'a'));
      const [letter] = await listed(1);
      isCured = true;
      const retry = () => bus.retryDeadLetter(letter!.id);
      const both = await Promise.allSettled([retry(), retry()]);
      expect(both.map(({ status }) => status)).toContain('fulfilled');
      await publish(messageOn(event, 'last'));
      await until('all came', async () => got.includes(`${event}-last`) && (await isDone()));
      expect(got.filter((id) => id.includes('~retry-'))).toHaveLength(1);
      expect(await letters()).toEqual([]);
    });

    test('a retried event comes to every durable of its subject', async () => {
      const other: string[] = [];
      let isCured = false;
      await subscribe({}, async () => (isCured ? undefined : giveUp()));
      await subscribe({ durable: `${durable}-other` }, async (delivery) => {
        other.push(nameOf(delivery));
        return undefined;
      });
      await publish(messageOn(event, 'a'));
      const [letter] = await listed(1);
      isCured = true;
      await bus.retryDeadLetter(letter!.id);
      await until('it came to both', async () => other.length === 2 && (await isDone()));
      expect(other).toEqual(['a', 'a']);
      expect(await letters()).toEqual([]);
    });

    test('what is dropped is gone, and nothing of it is delivered', async () => {
      let deliveries = 0;
      await subscribe({ stream: 'JOBS', subjects: [job] }, async () => {
        deliveries += 1;
        return giveUp();
      });
      await publish(messageOn(job, 'a'));
      const [letter] = await listed(1);
      await bus.dropDeadLetter(letter!.id);
      expect(await letters()).toEqual([]);
      expect(await bus.deadLetter(letter!.id)).toBeNull();
      await until('the queue is empty', isQueueEmpty);
      expect(deliveries).toBe(1);
      expect(await bus.countDeadLetters()).not.toContainEqual(expect.objectContaining({ durable }));
    });

    test.each([['nonsense'], ['EVENTS.nobody.999999999'], ['JOBS.x.0'], ['']])(
      'there is none of the id %j',
      async (id) => {
        const missing = { code: 'NOT_FOUND', reason: 'DEAD_LETTER_NOT_FOUND' };
        expect(await bus.deadLetter(id)).toBeNull();
        await expect(bus.retryDeadLetter(id)).rejects.toMatchObject(missing);
        await expect(bus.dropDeadLetter(id)).rejects.toMatchObject(missing);
      },
    );
  });
}
