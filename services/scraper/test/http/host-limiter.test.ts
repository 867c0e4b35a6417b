import { describe, expect, test } from '@jest/globals';
import { createHostLimiter } from '../../src/http/host-limiter.ts';

/** A clock that moves only by the sleeps of the limiter. */
function setUp(concurrency: number) {
  let time = 0;
  const limiter = createHostLimiter({
    concurrency,
    hostMemoryBytes: 1,
    now: () => time,
    sleep: async (delayMs) => {
      const until = time + delayMs;
      await new Promise((resolve) => setImmediate(resolve));
      time = Math.max(time, until);
    },
  });
  return { limiter, now: () => time };
}

const signal = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('host limiter', () => {
  test('each host has its own few places', async () => {
    const { limiter } = setUp(3);
    const active = { a: 0, b: 0 };
    const most = { a: 0, b: 0 };
    const visit = (host: 'a' | 'b') =>
      limiter.run(host, signal, async () => {
        active[host] += 1;
        most[host] = Math.max(most[host], active[host]);
        await turn();
        active[host] -= 1;
      });
    await Promise.all(Array.from({ length: 40 }, (_, i) => visit(i % 4 === 0 ? 'b' : 'a')));
    expect(most).toEqual({ a: 3, b: 3 });
    expect(active).toEqual({ a: 0, b: 0 });
  });

  test('a pause holds back what has not begun, of that host only', async () => {
    const { limiter, now } = setUp(2);
    limiter.pause('a', 5_000);
    await limiter.run('b', signal, async () => expect(now()).toBe(0));
    await limiter.run('a', signal, async () => expect(now()).toBe(5_000));
  });

  test('a burst of pauses is one pause, not their sum', async () => {
    const { limiter, now } = setUp(2);
    for (let i = 0; i < 10; i += 1) limiter.pause('a', 1_000 + i);
    await limiter.run('a', signal, async () => expect(now()).toBe(1_009));
  });

  test('spacing makes it one at a time, that far apart', async () => {
    const { limiter, now } = setUp(6);
    limiter.space('a', 2_000);
    const starts: number[] = [];
    await Promise.all(
      Array.from({ length: 4 }, () => limiter.run('a', signal, async () => starts.push(now()))),
    );
    expect(starts).toEqual([0, 2_000, 4_000, 6_000]);
  });

  test('spacing that comes while several are under way lets no more than one on', async () => {
    const { limiter } = setUp(3);
    let active = 0;
    const counts: number[] = [];
    await Promise.all(
      Array.from({ length: 9 }, (_, i) =>
        limiter.run('a', signal, async () => {
          if (i === 0) limiter.space('a', 10);
          active += 1;
          counts.push(active);
          await turn();
          active -= 1;
        }),
      ),
    );
    expect(Math.max(...counts.slice(3))).toBe(1);
  });

  test('a host that only ever asks for pauses is left alone after a quarter of an hour of them', async () => {
    const { limiter, now } = setUp(2);
    const ask = (host: string) =>
      limiter
        .run(host, signal, async () => limiter.pause(host, now() + 120_000))
        .then(
          () => 'asked',
          (error: { rejection: string }) => error.rejection,
        );
    const told: string[] = [];
    for (let i = 0; i < 20; i += 1) told.push(await ask('a'));
    expect(told.filter((each) => each === 'asked')).toHaveLength(8);
    expect(told.at(-1)).toBe('TIMEOUT');
    expect(now()).toBeLessThanOrEqual(900_000);
    expect(await ask('b')).toBe('asked');
  });

  test('a host that gives something between its pauses is waited for', async () => {
    const { limiter, now } = setUp(2);
    for (let i = 0; i < 100; i += 1) {
      await limiter.run('a', signal, async () => limiter.pause('a', now() + 120_000));
      limiter.answered('a');
    }
    expect(now()).toBe(99 * 120_000);
  });

  test('answers that give nothing count like pauses, by the time they took', async () => {
    const { limiter } = setUp(2);
    const lose = (host: string) =>
      limiter.run(host, signal, async () => limiter.lost(host, 30_000));
    for (let i = 0; i <= 30; i += 1) await lose('a');
    await expect(lose('a')).rejects.toMatchObject({ rejection: 'TIMEOUT' });
    for (let i = 0; i < 100; i += 1) {
      await lose('b');
      limiter.answered('b');
    }
  });

  test.each([
    ['pauses', 120_000, 0],
    ['spacing', 0, 60_000],
  ])('%s take no more than a day of a run', async (_, pauseMs, spacingMs) => {
    const { limiter, now } = setUp(2);
    limiter.space('a', spacingMs);
    const take = async () => {
      for (let i = 0; i < 2_000; i += 1) {
        await limiter.run('a', signal, async () => limiter.pause('a', now() + pauseMs));
        limiter.answered('a');
      }
    };
    await expect(take()).rejects.toThrow('more than 24 hours of pauses in all');
    expect(now()).toBeGreaterThan(23 * 3_600_000);
    expect(now()).toBeLessThanOrEqual(24 * 3_600_000);
  });

  test('a failure gives its place back', async () => {
    const { limiter } = setUp(1);
    await expect(
      limiter.run('a', signal, () => Promise.reject(new Error('broken'))),
    ).rejects.toThrow('broken');
    await expect(limiter.run('a', signal, async () => 'next')).resolves.toBe('next');
  });

  test('an aborted wait does not begin', async () => {
    const { limiter } = setUp(1);
    const ending = new AbortController();
    ending.abort(new Error('stopped'));
    await expect(limiter.run('a', ending.signal, async () => 1)).rejects.toThrow('stopped');
  });
});
