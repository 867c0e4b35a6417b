import { setTimeout as sleep } from 'node:timers/promises';
import { DeepStyleError } from '@deepstyle/platform';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Bus, Delivery } from '../../src/index.ts';
import { type BusHarness, messageOn, nameOf, until, useBus } from './bus-fixture.ts';

/** How every bus tells work that fails from an outage, whatever stands behind it. */
export function describeFailures(start: () => Promise<BusHarness>): void {
  describe('bus contract: failures, outages, dead letters', () => {
    const fixture = useBus('f', start);
    const { connect, subscribe, publish, isDone, letters } = fixture;
    let bus: Bus;
    let event: string;
    let job: string;
    let durable: string;
    beforeEach(() => {
      ({ bus, event, job, durable } = fixture.names());
    });

    test('after its last attempt a message is a dead letter, and can be retried', async () => {
      const got: string[] = [];
      let isCured = false;
      await subscribe({ stream: 'JOBS', subjects: [job], maxFailures: 2 }, async (delivery) => {
        got.push(`${delivery.id} ${delivery.attempt}`);
        if (!isCured) throw new Error('the photo is unreadable');
        return undefined;
      });
      await publish(messageOn(job, 'sick', { headers: { 'ce-id': 'x' } }));
      await until('it is listed', async () => (await letters()).length === 1);
      const [letter] = await letters();
      expect(letter).toMatchObject({
        stream: 'JOBS',
        attempts: 2,
        reason: expect.stringContaining('the photo is unreadable'),
        message: { subject: job, id: `${job}-sick`, headers: { 'ce-id': 'x' } },
      });
      expect(nameOf(letter!.message)).toBe('sick');
      isCured = true;
      await bus.retryDeadLetter(letter!.id);
      await until('it came again', () => got.length === 3);
      // Under a new id: the old one is still in the window.
      expect(got[2]).toMatch(new RegExp(`^${job}-sick~retry-.* 1$`));
      await until('done', async () => (await bus.lag('JOBS', durable)) === 0);
      expect(await letters()).toEqual([]);
      await expect(bus.retryDeadLetter(letter!.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    test('a handler may give a message up at once, with a reason', async () => {
      await subscribe({}, async () => ({ kind: 'dead-letter', reason: 'no such photo: ü' }));
      await publish(messageOn(event, 'a'));
      await until('it is listed', async () => (await letters()).length === 1);
      expect((await letters())[0]).toMatchObject({ attempts: 1, reason: 'no such photo: ü' });
      await until('nothing is left', isDone);
    });

    test('kills and restarts are no failures: a message that nobody answers is delivered again', async () => {
      const hanging: (() => void)[] = [];
      const failures: number[] = [];
      await subscribe(
        { stream: 'JOBS', subjects: [job], maxFailures: 2, ackWaitMs: 200, concurrency: 8 },
        async (delivery) => {
          failures.push(delivery.failures);
          if (failures.length > 4) return undefined;
          await new Promise<void>((resolve) => {
            hanging.push(resolve);
          });
          return undefined;
        },
      );
      await publish(messageOn(job, 'stuck'));
      await until('it was delivered again and again', () => failures.length === 5);
      await until('done', async () => (await bus.lag('JOBS', durable)) === 0);
      expect(failures).toEqual([0, 0, 0, 0, 0]);
      for (const release of hanging) release();
      expect(await letters()).toEqual([]);
    });

    test('an outage uses no message up; beside it a sick one is told apart', async () => {
      let isAway = true;
      const failures: number[] = [];
      await subscribe({ maxFailures: 3 }, async (delivery) => {
        if (nameOf(delivery) === 'sick') throw new Error('it is sick');
        if (isAway) return { kind: 'wait', delayMs: 20 };
        failures.push(delivery.failures);
        return undefined;
      });
      await publish(messageOn(event, 'well'), messageOn(event, 'sick'));
      await until('the sick one is listed', async () => (await letters()).length === 1);
      await sleep(300);
      isAway = false;
      await until('the other one is done', isDone);
      expect(failures).toEqual([0]);
      expect((await letters())[0]).toMatchObject({
        attempts: 3,
        reason: expect.stringContaining('it is sick (3 failures)'),
      });
    });

    test('what a transient error ends waits too', async () => {
      let tries = 0;
      await subscribe({ maxFailures: 1 }, async () => {
        tries += 1;
        if (tries < 5) throw new DeepStyleError({ code: 'UNAVAILABLE', message: 'away' });
        return undefined;
      });
      await publish(messageOn(event, 'a'));
      await until('done', async () => tries === 5 && (await isDone()));
    });

    test('failures are counted over restarts and subscribers', async () => {
      const failures: number[] = [];
      const fail = async (delivery: Delivery) => {
        failures.push(delivery.failures);
        throw new Error('no');
      };
      const options = { stream: 'JOBS', subjects: [job], maxFailures: 4, concurrency: 1 } as const;
      const first = await subscribe(options, async (delivery) => {
        failures.push(delivery.failures);
        return { kind: 'retry', delayMs: 100, reason: 'not yet' };
      });
      await publish(messageOn(job, 'sick'));
      await until('it failed twice', () => failures.length >= 2);
      await first.close();
      await subscribe(options, fail, await connect());
      await until('it is listed', async () => (await letters()).length === 1);
      expect(failures).toEqual([0, 1, 2, 3]);
    });
  });
}
