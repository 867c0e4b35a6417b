import { jest } from '@jest/globals';
import { z } from 'zod';
import { createIdleWatch, type IdleWatch } from '../src/events/idle-watch.ts';
import { type JobHandler, jobHandler } from '../src/events/job.ts';

const IDLE_MS = 60_000;

/** A job that runs until it is told to end. */
function heldJob(): { readonly job: JobHandler; end(): void } {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const job = jobHandler({
    kind: 'held',
    payload: z.unknown(),
    maxFailures: 1,
    handle: () => ended,
  });
  return { job, end: () => end() };
}

describe('a worker that ends when there is nothing to do', () => {
  let idle: jest.Mock<() => void>;
  let watch: IdleWatch;

  beforeEach(() => {
    jest.useFakeTimers();
    idle = jest.fn();
    watch = createIdleWatch(IDLE_MS);
    void watch.idle.then(idle);
  });
  afterEach(() => {
    watch.close();
    jest.useRealTimers();
  });

  const run = (job: JobHandler) =>
    watch.watch(job).handle({}, { signal: new AbortController().signal, givesUpOn: () => false });

  test('is idle when no job comes', async () => {
    await jest.advanceTimersByTimeAsync(IDLE_MS);
    expect(idle).toHaveBeenCalledTimes(1);
  });

  test('is never idle while a job runs, however long, and counts anew from its end', async () => {
    const { job, end } = heldJob();
    const running = run(job);
    await jest.advanceTimersByTimeAsync(100 * IDLE_MS);
    expect(idle).not.toHaveBeenCalled();
    end();
    await running;
    await jest.advanceTimersByTimeAsync(IDLE_MS - 1);
    expect(idle).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(idle).toHaveBeenCalledTimes(1);
  });

  test('a job that fails has ended too', async () => {
    const failing = { ...heldJob().job, handle: () => Promise.reject(new Error('no')) };
    await expect(run(failing)).rejects.toThrow('no');
    await jest.advanceTimersByTimeAsync(IDLE_MS);
    expect(idle).toHaveBeenCalledTimes(1);
  });

  test('of two jobs the last to end counts', async () => {
    const [first, second] = [heldJob(), heldJob()];
    const both = [run(first.job), run(second.job)];
    first.end();
    await both[0];
    await jest.advanceTimersByTimeAsync(2 * IDLE_MS);
    expect(idle).not.toHaveBeenCalled();
    second.end();
    await both[1];
    await jest.advanceTimersByTimeAsync(IDLE_MS);
    expect(idle).toHaveBeenCalledTimes(1);
  });

  test('closed, it says nothing more', async () => {
    watch.close();
    await jest.advanceTimersByTimeAsync(2 * IDLE_MS);
    expect(idle).not.toHaveBeenCalled();
  });
});
