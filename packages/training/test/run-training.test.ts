import { DeepStyleError } from '@deepstyle/platform';
import { jobDelivery } from '@deepstyle/testkit/services';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fenceOf, runTraining, TrainingInterruptedError } from '../src/index.ts';
import { at, type Course, courses, describeOnDatabases } from './opened-trainings.ts';

/** What the same computation would end in again. */
class Divergence extends Error {}

describeOnDatabases('a training as a job', (opened) => {
  beforeEach(() => {
    opened.seconds = 100;
  });

  const end = (training: Course, state: 'done' | 'failed', detail: string) =>
    opened.inTx((tx) =>
      courses.close(tx, fenceOf(training), { state, detail, steps: null, now: opened.clock() }),
    );

  /** Returns the attempts at which it was trained. */
  async function run(
    name: string,
    train: (training: Course, signal: AbortSignal) => Promise<void>,
    delivery = jobDelivery(),
  ): Promise<number[]> {
    const attempts: number[] = [];
    const work = {
      table: courses,
      train: (training: Course, signal: AbortSignal) => {
        attempts.push(training.attempt);
        return train(training, signal);
      },
      fail: (training: Course, detail: string) => end(training, 'failed', detail),
      isFinal: (error: unknown) => error instanceof Divergence,
    };
    await runTraining(name, delivery, work, opened);
    return attempts;
  }

  test('is trained once, by the worker that took it', async () => {
    const name = await opened.queue('plain');
    const attempts = await run(name, (training) => end(training, 'done', 'well'));
    expect(attempts).toEqual([1]);
    expect(await opened.find(name)).toMatchObject({ state: 'done', detail: 'well' });
    expect(await run(name, (training) => end(training, 'done', 'again'))).toEqual([]);
  });

  describe('when the process stops', () => {
    test.each([
      ['what the training says', new TrainingInterruptedError('x', 7), /step 7/],
      ['whatever the training ran into', new Divergence('half a step'), /step 3/],
    ])('is given back unharmed, with %s', async (_, thrown, message) => {
      const name = await opened.queue(`stopped ${thrown.name}`);
      await opened.take(name, 0);
      const progress = { step: 3, steps: 9, detail: 'd', now: at(1) };
      const fence = { trainingId: name, attempt: 1 };
      await opened.inTx((tx) => courses.writeProgress(tx, fence, progress));
      const stopping = new AbortController();
      const running = run(
        name,
        async (_training, signal) => {
          stopping.abort();
          expect(signal.aborted).toBe(true);
          throw thrown;
        },
        jobDelivery({ signal: stopping.signal, isLast: true }),
      );
      await expect(running).rejects.toMatchObject({
        reason: 'TRAINING_INTERRUPTED',
        message: expect.stringMatching(message),
      });
      // At once.
      expect(await opened.take(name, 101)).toMatchObject({ training: { attempt: 3 } });
    });

    test('is not waited for while another worker holds it', async () => {
      const name = await opened.queue('held');
      await opened.take(name, 100);
      const delivery = jobDelivery({ signal: AbortSignal.abort() });
      const running = run(name, () => Promise.resolve(), delivery);
      await expect(running).rejects.toMatchObject({ reason: 'TRAINING_INTERRUPTED' });
      expect((await opened.find(name)).attempt).toBe(1);
    });
  });

  describe('that fails', () => {
    const outage = new DeepStyleError({ code: 'UNAVAILABLE', message: 'the store is away' });
    const odd = new Error('an odd answer');
    const lasting = new DeepStyleError({ code: 'DATA_LOSS', message: 'the store is empty' });

    test('for a store that is away is given back, however often it was tried', async () => {
      const name = await opened.queue('outage');
      const failing = run(name, () => Promise.reject(outage), jobDelivery({ isLast: true }));
      await expect(failing).rejects.toBe(outage);
      expect((await opened.find(name)).state).toBe('running');
      expect(await opened.take(name, 101)).toMatchObject({ kind: 'taken' });
    });

    test('by what may pass is given back, and ends with the last try', async () => {
      const name = await opened.queue('passing');
      const failing = () => Promise.reject(odd);
      await expect(run(name, failing)).rejects.toBe(odd);
      expect((await opened.find(name)).state).toBe('running');
      expect(await run(name, failing, jobDelivery({ isLast: true }))).toEqual([2]);
      expect(await opened.find(name)).toMatchObject({
        state: 'failed',
        detail: 'training failed: Error: an odd answer',
      });
    });

    test.each([
      ['an error that says so', lasting],
      ['what the service knows to be final', new Divergence('NaN')],
    ])('by %s ends at once', async (_, thrown) => {
      const name = await opened.queue(`lasting ${thrown.message}`);
      expect(await run(name, () => Promise.reject(thrown))).toEqual([1]);
      expect(await opened.find(name)).toMatchObject({
        state: 'failed',
        detail: `training failed: ${thrown.name}: ${thrown.message}`,
      });
    });

    test('says why in so many words and no more', async () => {
      const name = await opened.queue('long');
      await run(name, () => Promise.reject(new Divergence('x'.repeat(10_000))));
      expect((await opened.find(name)).detail).toHaveLength(2000);
    });

    test('however often its workers are killed, is tried until they worked an hour for nothing', async () => {
      const name = await opened.queue('deadly');
      for (let life = 0; life < 100; life++) await opened.take(name, 0, -1);
      await opened.inTx((tx) =>
        tx.query('UPDATE trainings SET unsaved_seconds = 3596 WHERE name = $1', [name]),
      );
      expect(await run(name, () => Promise.reject(odd)).catch(() => 'tried')).toBe('tried');
      expect(await run(name, (training) => end(training, 'done', 'well'))).toEqual([]);
      expect(await opened.find(name)).toMatchObject({
        state: 'failed',
        detail: expect.stringMatching(/worked for 1 h without a new checkpoint/),
      });
    });
  });

  test('that another worker has taken is left to it until it has ended', async () => {
    const name = await opened.queue('stolen');
    const attempts = await run(name, async (training) => {
      // Silent for so long that its lease ran out; the other one is quicker.
      const other = await opened.take(name, 1_000);
      expect(other.kind).toBe('taken');
      if (other.kind === 'taken') await end(other.training, 'done', 'by the other one');
      await end(training, 'failed', 'too late');
    });
    expect(attempts).toEqual([1]);
    expect(await opened.find(name)).toMatchObject({ state: 'done', detail: 'by the other one' });
  });

  test('that is canceled ends its job, and goes on with another once it is resumed', async () => {
    const name = await opened.queue('canceled');
    const attempts = await run(name, async (training) => {
      await opened.inTx((tx) => courses.cancel(tx, name, opened.clock()));
      await end(training, 'done', 'too late');
    });
    expect(attempts).toEqual([1]);
    expect((await opened.find(name)).state).toBe('canceled');
    await opened.inTx((tx) => courses.resume(tx, name, opened.clock()));
    expect(await run(name, (training) => end(training, 'done', 'well'))).toEqual([3]);
    expect(await opened.find(name)).toMatchObject({ state: 'done', detail: 'well' });
  });
});
