import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { createAddressGuard } from '../../src/http/address-guard.ts';
import { createFetcher } from '../../src/http/fetcher.ts';
import { openManifest } from '../../src/sources/manifest.ts';
import { createSpool, type Spool } from '../../src/sources/spool.ts';
import { heldBytes } from '../held-memory.ts';
import { inProcessParser } from '../in-process-parser.ts';
import { startLocalSite } from '../local-site.ts';

const BLOCK = Buffer.from(
  `{"season": "SS2026", "url": "a.jpg", "title": "${'a'.repeat(10_000)}"}\n`.repeat(100),
);
const BLOCKS = 24;
const MAX_HELD_BYTES = 8_000_000;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function writeManifest(response: ServerResponse, afterBlock: () => void): Promise<void> {
  for (let block = 0; block < BLOCKS; block += 1) {
    if (!response.write(BLOCK)) await once(response, 'drain');
    if (block % 8 === 7) afterBlock();
  }
  response.end('{"url": "a.jpg"}\n');
}

/** A manifest of 24 MB behind an address, opened; `onBlock` is called after every eighth megabyte. */
async function openLarge(spool: Spool, onBlock: () => void) {
  const site = await startLocalSite({
    '/list.jsonl': (_, response) => void writeManifest(response, onBlock),
  });
  const settings = { userAgent: 'DeepStyle', hostConcurrency: 1, requestTimeoutMs: 600_000 };
  const fetcher = createFetcher({
    ...settings,
    guard: createAddressGuard(['127.0.0.1']),
    parser: inProcessParser,
    hostMemoryBytes: 0,
    retries: 0,
    retryBaseMs: 1,
    now: () => 0,
    clock: () => new Date(0),
    sleep: async () => {},
    random: () => 0,
  });
  closing.push(site.close, fetcher.close, spool.close);
  return openManifest({
    manifest: `${site.origin}/list.jsonl`,
    season: 'FW2026',
    roots: [],
    maxPhotoBytes: 100,
    userAgent: settings.userAgent,
    fetcher,
    parser: inProcessParser,
    spool,
    signal: new AbortController().signal,
  });
}

test('a fetched manifest takes a few blocks of memory, while it is fetched and while it is kept', async () => {
  const before = heldBytes();
  let most = 0;
  const opened = await openLarge(createSpool(), () => {
    most = Math.max(most, heldBytes() - before);
  });
  expect(opened.expected).toBe(1);
  expect(most).toBeLessThan(MAX_HELD_BYTES);
  expect(heldBytes() - before).toBeLessThan(MAX_HELD_BYTES);
  const items = [];
  for await (const item of opened.items) items.push(item);
  expect(items).toMatchObject([{ kind: 'candidate' }]);
});

test('no end of the process leaves anything of it on the disk, as it has no name there', async () => {
  const spool = createSpool();
  closing.push(spool.close);
  const file = await spool.open();
  await file.appendFile('a manifest');
  const { size, mode, nlink } = await file.stat();
  expect([size, mode & 0o777, nlink]).toEqual([10, 0o600, 0]);
});
