import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CollectingInterruptedError, RejectedSourceError } from '../errors.ts';
import type { Fetched, Fetcher } from '../http/fetcher.ts';
import { type Channel, createChannel } from './channel.ts';
import { type Finding, NO_CLAIMS, type OpenSource, type PhotoClaims } from './finding.ts';
import { type PageLink, readPage } from './markup.ts';
import { readPhotoUrl, requireNotOptedOut } from './read-url.ts';
import { isOfOtherSeason } from './season.ts';

export interface PagesOptions {
  readonly url: string;
  readonly runId: string;
  readonly season: string;
  readonly fetcher: Fetcher;
  readonly userAgent: string;
  readonly maxPhotoBytes: number;
  /** Pages read from the start page on, itself included. */
  readonly maxPages: number;
  readonly maxDepth: number;
  /** Pages read at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

interface Crawl {
  readonly options: PagesOptions;
  readonly start: URL;
  readonly found: Channel<Finding>;
  /** Keys of the photographs found so far. */
  readonly photos: Set<string>;
  /** Addresses of the pages queued so far. */
  readonly pages: Set<string>;
  finished: number;
}

const MAX_PAGE_BYTES = 5_000_000;
const CHANNEL_CAPACITY = 64;
// A page waits while its findings are taken slowly and while its host asks for pauses; each request has its own limit.
const PAGE_TIMEOUT_SECONDS = 86_400;

/** Photographs on a page and on the pages of the same host that it leads to. How many there are nobody knows. */
export function openPages(options: PagesOptions): OpenSource {
  return { expected: null, findings: findings(options) };
}

async function* findings(options: PagesOptions): AsyncGenerator<Finding> {
  const start = new URL(options.url);
  start.hash = '';
  const crawl: Crawl = {
    options,
    start,
    found: createChannel<Finding>(CHANNEL_CAPACITY),
    photos: new Set(),
    pages: new Set([start.href]),
    finished: 0,
  };
  const crawler = await createCrawler(crawl);
  const stop = () => {
    crawl.found.close();
    crawler.stop();
  };
  options.signal.addEventListener('abort', stop, { once: true });
  const running = crawler.run(start).then(
    () => {
      // Ctrl-C makes the crawler end as if it were done; what is still queued tells.
      const interrupted = crawl.finished < crawl.pages.size;
      crawl.found.close(interrupted ? new CollectingInterruptedError(options.runId) : undefined);
    },
    (error: Error) => crawl.found.close(error),
  );
  try {
    yield* crawl.found;
  } finally {
    options.signal.removeEventListener('abort', stop);
    stop();
    await running;
  }
}

/** Crawlee's queue and pool; requests, retries, robots.txt and limits are the fetcher's. */
async function createCrawler(crawl: Crawl) {
  const { concurrency } = crawl.options;
  // Only runs that read pages pay for loading it.
  const { BasicCrawler, Configuration, Log, LogLevel } = await import('@crawlee/basic');
  const configuration = new Configuration({
    persistStorage: false,
    purgeOnStart: false,
    // In memory all the same; a folder that does not exist, so that nothing of another project is read.
    storageClientOptions: {
      localDataDirectory: join(tmpdir(), `deepstyle-${randomUUID()}`),
      persistStorage: false,
      writeMetadata: false,
    },
  });
  // Nothing is to be written at the end, and waiting for it leaves a timer that keeps the process for a second.
  Object.assign(configuration.getStorageClient(), { teardown: undefined });
  const crawler = new BasicCrawler(
    {
      requestHandler: async ({ request }) => {
        const depth = Number(request.userData.depth);
        const links = await readFindings(crawl, new URL(request.url), depth);
        // The next page of a listing lies no deeper: only the number of pages ends a long one.
        await crawler.addRequests(
          links.map(({ url, isNextPage }) => requestFor(url, isNextPage ? depth : depth + 1)),
        );
        crawl.finished += 1;
      },
      // Equal, as the pool would otherwise begin with one and grow by one every ten seconds.
      minConcurrency: concurrency,
      maxConcurrency: concurrency,
      maxRequestRetries: 0,
      requestHandlerTimeoutSecs: PAGE_TIMEOUT_SECONDS,
      useSessionPool: false,
      log: new Log({ level: LogLevel.OFF }),
      failedRequestHandler: async (_, error) => crawl.found.close(error),
    },
    configuration,
  );
  return {
    run: (start: URL) => crawler.run([requestFor(start, 0)]),
    stop: () => void crawler.autoscaledPool?.abort(),
  };
}

/** `uniqueKey` as given, as the crawler's own form drops query parameters that may matter. */
function requestFor(url: URL, depth: number) {
  return { url: url.href, uniqueKey: url.href, userData: { depth } };
}

/** Hands over what a page shows and returns the pages to go on with. */
async function readFindings(crawl: Crawl, url: URL, depth: number): Promise<readonly PageLink[]> {
  const { options, found, start } = crawl;
  const isStart = url.href === start.href;
  try {
    const page = await options.fetcher.get(url, {
      accept: 'text/html,application/xhtml+xml,image/*;q=0.9,*/*;q=0.1',
      maxBytes: isStart ? Math.max(MAX_PAGE_BYTES, options.maxPhotoBytes) : MAX_PAGE_BYTES,
      signal: options.signal,
    });
    requireNotOptedOut(page.headers, options.userAgent);
    const type = page.headers['content-type'] ?? '';
    if (/^image\//i.test(type) && isStart) {
      await found.push(photoAt(crawl, url, url, NO_CLAIMS));
      return [];
    }
    // A redirect to another host leaves the site that was asked for.
    if (!/html/i.test(type) || page.url.host !== start.host) return notAPage(crawl, page, isStart);
    return await readHtml(crawl, page, depth);
  } catch (error) {
    if (!(error instanceof RejectedSourceError)) throw error;
    const { rejection: code, message: reason } = error;
    await found.push({ kind: 'rejected', key: url.href, name: url.href, code, reason });
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

async function readHtml(crawl: Crawl, page: Fetched, depth: number): Promise<readonly PageLink[]> {
  const { options, found, photos, pages } = crawl;
  const html = decode(page);
  const content = readPage(html, page.url, options.userAgent);
  if (!content.imagesPermitted && content.images.length > 0) {
    const reason = 'Its robots meta tag asks that its pictures be left alone.';
    const { href } = page.url;
    await found.push({ kind: 'rejected', key: href, name: href, code: 'OPTED_OUT', reason });
  }
  for (const image of content.imagesPermitted ? content.images : []) {
    if (photos.has(image.url.href) || isOfOtherSeason(image.season, options.season)) continue;
    photos.add(image.url.href);
    await found.push(photoAt(crawl, image.url, page.url, image.claims));
  }
  return content.links.filter(({ url, isNextPage }) => {
    const isTooDeep = !isNextPage && depth >= options.maxDepth;
    if (isTooDeep || pages.size >= options.maxPages || pages.has(url.href)) return false;
    pages.add(url.href);
    return true;
  });
}

function photoAt({ options }: Crawl, url: URL, page: URL, claims: PhotoClaims): Finding {
  return {
    kind: 'candidate',
    key: url.href,
    name: url.href,
    source: page.href,
    claims,
    read: (signal) => readPhotoUrl(url, options, signal),
  };
}

function decode({ headers, body }: Fetched): string {
  const named = /charset=["']?([\w-]+)/i.exec(
    `${headers['content-type'] ?? ''} ${body.subarray(0, 1024).toString('latin1')}`,
  )?.[1];
  try {
    return new TextDecoder(named ?? 'utf-8').decode(body);
  } catch {
    // A charset that nobody knows.
    return body.toString('utf8');
  }
}
