import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Bus } from '../../src/index.ts';
import { type BusHarness, messageOn, nameOf, until, useBus } from './bus-fixture.ts';

/** What every bus tells of the jobs that it holds. */
export function describeQueue(start: () => Promise<BusHarness>): void {
  describe('bus contract: queued jobs', () => {
    const fixture = useBus('q', start);
    const { subscribe, publish } = fixture;
    let bus: Bus;
    let job: string;
    let durable: string;
    beforeEach(() => {
      ({ bus, job, durable } = fixture.names());
    });

    async function queued(): Promise<string[]> {
      const names: string[] = [];
      for await (const message of bus.queuedJobs(job)) names.push(nameOf(message));
      return names;
    }

    test('are those of the subject alone, whole and in order', async () => {
      for (const name of ['a', 'b']) await publish(messageOn(job, name));
      await publish(messageOn(`${job}-other`, 'c'));
      expect(await queued()).toEqual(['a', 'b']);
      for await (const message of bus.queuedJobs(job)) {
        expect(message).toMatchObject(messageOn(job, 'a'));
        expect(message.storedAt).toBeInstanceOf(Date);
        break;
      }
    });

    test('stay while a worker has them, and go when they are done', async () => {
      let end: () => void = () => undefined;
      const working = new Promise<void>((resolve) => {
        end = resolve;
      });
      let isTaken = false;
      await subscribe({ stream: 'JOBS', subjects: [job], concurrency: 1 }, async () => {
        isTaken = true;
        await working;
        return undefined;
      });
      await publish(messageOn(job, 'a'), messageOn(job, 'b'));
      await until('it is taken', () => isTaken);
      expect(await queued()).toHaveLength(2);
      end();
      await until('both are done', async () => (await bus.lag('JOBS', durable)) === 0);
      expect(await queued()).toEqual([]);
    });

    test('are no dead letters', async () => {
      await subscribe({ stream: 'JOBS', subjects: [job], concurrency: 1 }, async () => {
        return { kind: 'dead-letter', reason: 'poison' };
      });
      await publish(messageOn(job, 'a'));
      const isBuried = async () =>
        (await bus.countDeadLetters()).some((each) => each.durable === durable);
      await until('it is buried', isBuried);
      await until('it has left the queue', async () => (await queued()).length === 0);
    });
  });
}
