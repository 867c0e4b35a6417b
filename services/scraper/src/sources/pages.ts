import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pLimit, { type LimitFunction } from 'p-limit';
import { CollectingInterruptedError, RejectedSourceError } from '../errors.ts';
import { firstToAbort } from '../first-to-abort.ts';
import type { Fetched, Fetcher } from '../http/fetcher.ts';
import type { Parser } from '../parser/parser.ts';
import { tooManyBytes } from '../photograph.ts';
import type { PageLink } from './markup.ts';
import { readPhotoUrl, requireNotOptedOut } from './read-url.ts';
import { isOfOtherSeason } from './season.ts';
import { NO_CLAIMS, type OpenedSource, type PhotoClaims, type SourceItem } from './source-item.ts';

export interface PagesOptions {
  readonly url: string;
  readonly runId: string;
  readonly season: string;
  readonly fetcher: Fetcher;
  readonly parser: Pick<Parser, 'run'>;
  readonly userAgent: string;
  readonly maxPhotoBytes: number;
  /** Pages read from the start page on, itself included; those under way at once may exceed it. */
  readonly maxPages: number;
  readonly maxDepth: number;
  /** Pages read at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

interface Crawl {
  readonly options: PagesOptions;
  readonly start: URL;
  /** Aborts when the run is stopped and when the reader of the items has left. */
  readonly signal: AbortSignal;
  /** Emits `room` once fewer than MAX_WAITING_ITEMS wait. */
  readonly items: Readable;
  /** What a page holds may be large: that of one at a time is in memory. */
  readonly turn: LimitFunction;
  /** Keys of the photographs found so far. */
  readonly photos: Set<string>;
  /** Addresses of the pages that are to be read. */
  readonly pages: Set<string>;
}

const MAX_PAGE_BYTES = 5_000_000;
/** While so many items wait to be taken, no further page is begun. */
const MAX_WAITING_ITEMS = 64;
// The crawler wants a limit, and a page has none: its photographs are handed over as they are taken. Requests have theirs.
const MAX_PAGE_SECONDS = 1_000_000;

/** Whether the queue has an address already: it is asked for none that it has, see `pages`. */
const NONE_SEEN = { get: () => null, add: () => {}, clear: () => {} };

/** Photographs on a page and on the pages of the same host that it leads to. Their number is not known beforehand. */
export function openPages(options: PagesOptions): OpenedSource {
  return { expected: null, items: items(options) };
}

async function* items(options: PagesOptions): AsyncGenerator<SourceItem> {
  const start = new URL(options.url);
  start.hash = '';
  const ending = new AbortController();
  const crawl: Crawl = {
    options,
    start,
    // Each page waits for its answer, or for room.
    signal: firstToAbort([options.signal, ending.signal], options.concurrency),
    items: new Readable({
      objectMode: true,
      highWaterMark: MAX_WAITING_ITEMS,
      read: () => {
        crawl.items.emit('room');
        void crawler.autoscaledPool?.notify();
      },
    }),
    turn: pLimit(1),
    photos: new Set(),
    pages: new Set([start.href]),
  };
  const { crawler, queue } = await createCrawler(crawl);
  const running = crawler
    .run([requestFor(start.href, 0)])
    .then(async ({ requestsFinished }) => {
      // On Ctrl-C the crawler ends as if it were done, but its queue is not finished.
      if (requestsFinished < options.maxPages && !(await queue.isFinished()))
        throw new CollectingInterruptedError(options.runId);
    })
    .finally(() => {
      ending.abort();
      crawl.items.push(null);
    });
  // Thrown below, after the items that were found before.
  running.catch(() => {});
  try {
    yield* crawl.items as AsyncIterable<SourceItem>;
    if (!options.signal.aborted) await running;
  } finally {
    ending.abort();
    crawler.stop();
    await running.catch(() => {});
  }
}

/** The crawler keeps the pages, each once, and their limits. Requests, retries, robots.txt and the pace are the fetcher's. */
async function createCrawler(crawl: Crawl) {
  const { maxPages, concurrency } = crawl.options;
  // Only runs that read pages pay for loading it.
  const { BasicCrawler, Configuration, Log, LogLevel, RequestQueue } = await import(
    '@crawlee/basic'
  );
  const configuration = new Configuration({
    // In memory. Nothing makes the folder; `./storage`, the default, may be of another project and would be read.
    storageClientOptions: {
      persistStorage: false,
      localDataDirectory: join(tmpdir(), 'deepstyle-crawls-are-in-memory'),
    },
  });
  const queue = await RequestQueue.open(null, { config: configuration });
  // Its own has room for a million addresses, 16 MB, and stays for a while after the crawl.
  Reflect.set(queue, 'requestSeenCache', NONE_SEEN);
  const crawler = new BasicCrawler(
    {
      requestQueue: queue,
      maxRequestsPerCrawl: maxPages,
      requestHandlerTimeoutSecs: MAX_PAGE_SECONDS,
      // The fetcher has tried again already.
      maxRequestRetries: 0,
      // Equal, as the pool would otherwise begin with one and grow by one every ten seconds.
      minConcurrency: concurrency,
      maxConcurrency: concurrency,
      autoscaledPoolOptions: {
        isTaskReadyFunction: async () =>
          crawl.items.readableLength < MAX_WAITING_ITEMS && !(await queue.isEmpty()),
      },
      useSessionPool: false,
      statisticsOptions: { persistenceOptions: { enable: false } },
      log: new Log({ level: LogLevel.OFF }),
      requestHandler: async ({ request, addRequests }) => {
        const links = await readItems(crawl, new URL(request.url));
        await addRequests(requestsFor(crawl, links, request.crawlDepth));
      },
      failedRequestHandler: (_, error) => {
        throw error;
      },
    },
    configuration,
  );
  return { crawler, queue };
}

/**
 * The links of a page of this depth that are to be read: none twice, none too deep, and no more than will come to their
 * turn, as pages are read in the order in which they were found.
 */
function requestsFor({ options, pages }: Crawl, links: readonly PageLink[], depth: number) {
  const { maxPages, maxDepth, concurrency } = options;
  return links.flatMap(({ url, isNextPage }) => {
    // The next page of a listing lies no deeper: only the number of pages ends a long one.
    const linkDepth = isNextPage ? depth : depth + 1;
    if (linkDepth > maxDepth || pages.size >= maxPages + concurrency || pages.has(url)) return [];
    pages.add(url);
    return [requestFor(url, linkDepth)];
  });
}

/** `uniqueKey` as given, as the crawler's own form drops query parameters that may matter. */
function requestFor(url: string, crawlDepth: number) {
  return { url, uniqueKey: url, crawlDepth };
}

/** So that a page of many photographs is handed over as they are taken. */
async function room({ items, signal }: Crawl): Promise<void> {
  if (items.readableLength >= MAX_WAITING_ITEMS) await once(items, 'room', { signal });
}

function emit({ items, signal }: Crawl, item: SourceItem): void {
  if (!signal.aborted) items.push(item);
}

/** Hands over what a page shows and returns the pages that it leads to. */
async function readItems(crawl: Crawl, url: URL): Promise<readonly PageLink[]> {
  const { options, start, signal } = crawl;
  const isStart = url.href === start.href;
  try {
    const page = await options.fetcher.get(url, {
      accept: 'text/html,application/xhtml+xml,image/*;q=0.9,*/*;q=0.1',
      maxBytes: isStart ? Math.max(MAX_PAGE_BYTES, options.maxPhotoBytes) : MAX_PAGE_BYTES,
      signal,
    });
    requireNotOptedOut(page.headers, options.userAgent);
    const type = page.headers['content-type'] ?? '';
    if (/^image\//i.test(type) && isStart) {
      emit(crawl, photoAt(crawl, url.href, url, NO_CLAIMS));
      return [];
    }
    // A redirect to another host leaves the site that was asked for.
    if (!/html/i.test(type) || page.url.host !== start.host) return notAPage(crawl, page, isStart);
    return await crawl.turn(() => readHtml(crawl, page));
  } catch (error) {
    if (!(error instanceof RejectedSourceError)) throw error;
    const { rejection: code, message: reason, isLost } = error;
    const { href } = url;
    emit(crawl, {
      kind: 'rejected',
      key: href,
      name: href,
      code,
      reason,
      isLost,
      isSource: isStart,
    });
    return [];
  }
}

function notAPage({ start }: Crawl, page: Fetched, isStart: boolean): readonly PageLink[] {
  if (!isStart) return [];
  const problem =
    page.url.host === start.host
      ? `It is ${page.headers['content-type'] ?? 'of no stated type'}, neither a page nor a picture.`
      : `It redirects to ${page.url.host}; start there if that is what is meant.`;
  throw new RejectedSourceError('NOT_AN_IMAGE', problem);
}

async function readHtml(
  crawl: Crawl,
  { url, headers, body }: Fetched,
): Promise<readonly PageLink[]> {
  const { options, photos } = crawl;
  if (body.length > MAX_PAGE_BYTES) throw tooManyBytes(MAX_PAGE_BYTES);
  const content = await options.parser.run('page', {
    body,
    contentType: headers['content-type'] ?? '',
    url: url.href,
    userAgent: options.userAgent,
  });
  if (!content.imagesPermitted && content.images.length > 0) {
    const reason = 'Its robots meta tag asks that its pictures be left alone.';
    const { href } = url;
    emit(crawl, { kind: 'rejected', key: href, name: href, code: 'OPTED_OUT', reason });
  }
  for (const image of content.imagesPermitted ? content.images : []) {
    if (photos.has(image.url) || isOfOtherSeason(image.season, options.season)) continue;
    photos.add(image.url);
    await room(crawl);
    emit(crawl, photoAt(crawl, image.url, url, image.claims));
  }
  return content.links;
}

function photoAt({ options }: Crawl, url: string, page: URL, claims: PhotoClaims): SourceItem {
  return {
    kind: 'candidate',
    key: url,
    name: url,
    source: page.href,
    claims,
    read: (signal, memory) => readPhotoUrl(new URL(url), options, signal, memory),
  };
}
