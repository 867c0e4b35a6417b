import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ObjectStore } from '../../src/index.ts';

export interface ObjectStoreHarness {
  readonly store: ObjectStore;
  /** Writes `bytes` in place of the object's, behind the store's back. */
  readonly damage: (key: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function collect(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

async function keysOf(store: ObjectStore, prefix: string, after?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, after)) keys.push(key);
  return keys;
}

/** What every object store does, whatever stands behind it. */
export function describeObjectStore(start: () => Promise<ObjectStoreHarness>): void {
  describe('object store contract', () => {
    let harness: ObjectStoreHarness;
    let store: ObjectStore;
    beforeAll(async () => {
      harness = await start();
      store = harness.store;
    });
    afterAll(async () => {
      await harness.stop();
    });

    test('what was put comes back, with its reference', async () => {
      const reference = await store.put('photos/ab/one.jpg', bytesOf('one'), 'image/jpeg');
      expect(reference).toEqual({
        key: 'photos/ab/one.jpg',
        // sha256sum of "one"
        sha256: '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',
        contentType: 'image/jpeg',
        bytes: 3,
      });
      expect(await store.head('photos/ab/one.jpg')).toEqual(reference);
      expect(new TextDecoder().decode(await store.get('photos/ab/one.jpg'))).toBe('one');
      expect(await collect(await store.stream('photos/ab/one.jpg'))).toBe('one');
    });

    test('an empty object is an object', async () => {
      await store.put('empty', new Uint8Array(0), 'text/plain');
      expect((await store.head('empty'))?.bytes).toBe(0);
      expect((await store.get('empty')).length).toBe(0);
      expect(await collect(await store.stream('empty'))).toBe('');
    });

    test('a view into a larger buffer is stored as the view, not as the buffer', async () => {
      const view = bytesOf('before-view-after').subarray(7, 11);
      await store.put('view', view, 'text/plain');
      expect(new TextDecoder().decode(await store.get('view'))).toBe('view');
    });

    test('several megabytes survive, whole and streamed', async () => {
      const bytes = new Uint8Array(9_000_000).map((_, index) => (index * 31 + (index >> 9)) & 255);
      const { sha256 } = await store.put('large', bytes, 'application/octet-stream');
      const read = await store.get('large');
      expect(createHash('sha256').update(read).digest('hex')).toBe(sha256);
      const hash = createHash('sha256');
      const stream = await store.stream('large');
      for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) hash.update(chunk);
      expect(hash.digest('hex')).toBe(sha256);
    });

    test('ranges count from 0 and include their last byte', async () => {
      await store.put('range', bytesOf('0123456789'), 'text/plain');
      const part = async (start: number, end: number) =>
        collect(await store.stream('range', { start, end }));
      expect(await part(0, 0)).toBe('0');
      expect(await part(3, 5)).toBe('345');
      expect(await part(9, 9)).toBe('9');
      expect(await part(7, 1000)).toBe('789');
    });

    test.each([
      [10, 12],
      [-1, 2],
      [5, 4],
      [0.5, 2],
    ])('a range %s to %s of ten bytes is refused', async (start, end) => {
      await store.put('range', bytesOf('0123456789'), 'text/plain');
      await expect(store.stream('range', { start, end })).rejects.toMatchObject({
        reason: 'INVALID_RANGE',
      });
    });

    test('a stream that is left early gives back what it holds', async () => {
      await store.put('left', new Uint8Array(2_000_000), 'application/octet-stream');
      const reader = (await store.stream('left')).getReader();
      await reader.read();
      await reader.cancel();
    });

    test('the last of several writers wins, and a reader never sees a mixture', async () => {
      const versions = Array.from({ length: 8 }, (_, index) =>
        new Uint8Array(100_000).fill(index + 1),
      );
      await store.put('contended', new Uint8Array(100_000), 'text/plain');
      const reads: Promise<Uint8Array>[] = [];
      await Promise.all(
        versions.map(async (bytes) => {
          await store.put('contended', bytes, 'text/plain');
          reads.push(store.get('contended'));
        }),
      );
      for (const bytes of await Promise.all(reads)) expect(new Set(bytes).size).toBe(1);
      await store.put('contended', bytesOf('final'), 'text/html');
      expect(await store.head('contended')).toMatchObject({ bytes: 5, contentType: 'text/html' });
    });

    test('what is not there: head is null, get and stream say which key, delete is content', async () => {
      expect(await store.head('nothing/here')).toBeNull();
      await expect(store.get('nothing/here')).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('nothing/here'),
      });
      await expect(store.stream('nothing/here')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(store.stream('nothing/here', { start: 0, end: 1 })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await store.delete('nothing/here');
    });

    test('what was deleted is gone, and may come back', async () => {
      await store.put('again', bytesOf('1'), 'text/plain');
      await store.delete('again');
      expect(await store.head('again')).toBeNull();
      await store.put('again', bytesOf('2'), 'text/plain');
      expect(new TextDecoder().decode(await store.get('again'))).toBe('2');
    });

    test('lists by prefix in the lexical order of keys, folders or not', async () => {
      // "-" sorts before "/", "." too; "0" after: a walk through folders must not change that.
      const keys = [
        'list/a-b',
        'list/a.c',
        'list/a/1',
        'list/a/2/x',
        'list/a0',
        'list/B',
        'list/b',
      ];
      for (const key of keys) await store.put(key, bytesOf(key), 'text/plain');
      await store.put('listed-not', bytesOf('x'), 'text/plain');
      expect(await keysOf(store, 'list/')).toEqual([...keys].sort());
      expect(await keysOf(store, 'list/a/')).toEqual(['list/a/1', 'list/a/2/x']);
      // A prefix need not end at a segment.
      expect(await keysOf(store, 'list/a')).toEqual(
        [...keys].filter((k) => k.startsWith('list/a')).sort(),
      );
      expect(await keysOf(store, 'list/zz')).toEqual([]);
      // After a key, also one that is not there.
      for (const after of [...keys, 'list/', 'list/a/', 'list/a/2', 'list/a/3', 'list/b0', 'zz']) {
        const behind = [...keys].sort().filter((key) => key > after);
        expect(await keysOf(store, 'list/', after)).toEqual(behind);
      }
      expect(await keysOf(store, 'list/a/', 'list/a-b')).toEqual(['list/a/1', 'list/a/2/x']);
      for await (const item of store.list('list/a/2')) {
        expect(item).toEqual({ key: 'list/a/2/x', bytes: 10, modifiedAt: expect.any(Date) });
      }
    });

    test('keys that differ in case alone are different objects', async () => {
      await store.put('case/FW2019', bytesOf('upper'), 'text/plain');
      await store.put('case/fw2019', bytesOf('lower'), 'text/plain');
      expect(new TextDecoder().decode(await store.get('case/FW2019'))).toBe('upper');
      expect(await keysOf(store, 'case/')).toEqual(['case/FW2019', 'case/fw2019']);
    });

    test.each([
      'a/.hidden',
      'a/...',
      '-rf',
      'con',
      'a/b.c/d_e-f',
      'x'.repeat(120),
      `${'s/'.repeat(255)}s`,
    ])('the unusual key %s works', async (key) => {
      await store.put(key, bytesOf('unusual'), 'text/plain');
      expect((await store.head(key))?.key).toBe(key);
      expect(await keysOf(store, key)).toContain(key);
      await store.delete(key);
    });

    test.each([
      '',
      '/',
      '/etc/passwd',
      'a//b',
      'a/',
      '../up',
      'a/../b',
      'a/./b',
      '..',
      '.',
      'a\\b',
      'a b',
      'a\0b',
      'ä',
      'a%2e%2e',
      'a?b',
      'a#b',
      'a+b',
      'a~b',
      'x'.repeat(121),
      's/'.repeat(300),
    ])('the key %j is refused by every operation', async (key) => {
      const refusal = { reason: 'INVALID_OBJECT_KEY' };
      await expect(store.put(key, bytesOf('x'), 'text/plain')).rejects.toMatchObject(refusal);
      await expect(store.get(key)).rejects.toMatchObject(refusal);
      await expect(store.stream(key)).rejects.toMatchObject(refusal);
      await expect(store.head(key)).rejects.toMatchObject(refusal);
      await expect(store.delete(key)).rejects.toMatchObject(refusal);
      await expect(store.signedUrl(key, 60)).rejects.toMatchObject(refusal);
    });

    test.each(['', 'text', 'text/plain\r\nX-Evil: 1', 'text/html; <script>'])(
      'the content type %j is refused',
      async (contentType) => {
        await expect(store.put('typed', bytesOf('x'), contentType)).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
        });
      },
    );

    test('bytes that do not match their SHA-256 are an error, never an answer', async () => {
      await store.put('damaged', bytesOf('the right bytes'), 'text/plain');
      await harness.damage('damaged');
      await expect(store.get('damaged')).rejects.toMatchObject({ reason: 'OBJECT_CORRUPT' });
      await expect(store.stream('damaged').then(collect)).rejects.toMatchObject({
        reason: 'OBJECT_CORRUPT',
      });
      await store.put('damaged', bytesOf('the right bytes'), 'text/plain');
      expect(new TextDecoder().decode(await store.get('damaged'))).toBe('the right bytes');
    });

    test.each([0, -1, 1.5, 604_801, Number.NaN])(
      'no URL is signed for %s seconds',
      async (seconds) => {
        await expect(store.signedUrl('a', seconds)).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
        });
      },
    );

    test('check passes where the store can be written to', async () => {
      await store.check();
      expect(await keysOf(store, 'deepstyle')).toEqual([]);
    });
  });
}
