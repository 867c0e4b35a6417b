import { describe, expect, test } from '@jest/globals';
import { createChannel } from '../../src/sources/channel.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('channel', () => {
  test('gives everything in order, with several writers waiting for room', async () => {
    const channel = createChannel<number>(2);
    const writing = Promise.all(Array.from({ length: 50 }, (_, n) => channel.push(n))).then(() =>
      channel.close(),
    );
    expect((await all(channel)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    );
    await writing;
  });

  test('a writer waits while it is full', async () => {
    const channel = createChannel<number>(1);
    await channel.push(1);
    let written = false;
    const second = channel.push(2).then(() => {
      written = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBe(false);
    const reader = channel[Symbol.asyncIterator]();
    expect((await reader.next()).value).toBe(1);
    await second;
    expect(written).toBe(true);
  });

  test('an error comes after what is queued', async () => {
    const channel = createChannel<number>(4);
    await channel.push(1);
    channel.close(new Error('broken'));
    const found: number[] = [];
    await expect(
      (async () => {
        for await (const item of channel) found.push(item);
      })(),
    ).rejects.toThrow('broken');
    expect(found).toEqual([1]);
  });

  test('a reader that leaves lets the writers go', async () => {
    const channel = createChannel<number>(1);
    const writing = Promise.all([channel.push(1), channel.push(2), channel.push(3)]);
    for await (const _ of channel) break;
    await expect(writing).resolves.toHaveLength(3);
  });
});
