import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach } from '@jest/globals';
import { createAddressGuard } from '../../src/http/address-guard.ts';
import { createFetcher } from '../../src/http/fetcher.ts';
import { openPages, type PagesOptions } from '../../src/sources/pages.ts';
import type { SourceItem } from '../../src/sources/source-item.ts';
import { inProcessParser } from '../in-process-parser.ts';
import { type Handler, html, type LocalSite, startLocalSite } from '../local-site.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

export async function site(routes: Record<string, Handler>): Promise<LocalSite> {
  const started = await startLocalSite(routes);
  closing.push(() => started.close());
  return started;
}

export function options(url: string, change: Partial<PagesOptions> = {}): PagesOptions {
  const fetcher = createFetcher({
    guard: createAddressGuard(['127.0.0.1']),
    parser: inProcessParser,
    userAgent: 'DeepStyle/1.0',
    hostConcurrency: 4,
    hostMemoryBytes: 1_000_000,
    requestTimeoutMs: 5_000,
    retries: 0,
    retryBaseMs: 1,
    now: () => performance.now(),
    clock: () => new Date(),
    sleep: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
    random: () => 0,
  });
  closing.push(() => fetcher.close());
  return {
    url,
    runId: 'run',
    season: 'FW2019',
    fetcher,
    parser: inProcessParser,
    userAgent: 'DeepStyle/1.0',
    maxPhotoBytes: 1_000_000,
    maxPages: 100,
    maxDepth: 5,
    concurrency: 4,
    signal: new AbortController().signal,
    ...change,
  };
}

export async function found(url: string, change: Partial<PagesOptions> = {}): Promise<string[]> {
  const told: string[] = [];
  for await (const item of openPages(options(url, change)).items) told.push(tell(item));
  return told.sort();
}

export function tell(item: SourceItem): string {
  const path = new URL(item.key).pathname;
  return item.kind === 'candidate' ? path : `${path} ${item.code}`;
}

export const page = (number: number) =>
  html(`<img src="/${number}.jpg"><img src="/shared.jpg">
    <a href="/page/${number + 1}">next</a><a href="/page/${number - 1}">back</a>`);
