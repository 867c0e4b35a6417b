import { createAddressGuard } from '../../src/http/address-guard.ts';
import { createFetcher, type Fetcher, type FetcherOptions } from '../../src/http/fetcher.ts';
import { inProcessParser } from '../in-process-parser.ts';
import { type Handler, type LocalSite, startLocalSite } from '../local-site.ts';

/** Sites of this machine, and fetchers that may reach them; all end with `close`. */
export function localFetchers() {
  const closing: (() => Promise<void>)[] = [];

  async function site(routes: Record<string, Handler>): Promise<LocalSite> {
    const started = await startLocalSite(routes);
    closing.push(() => started.close());
    return started;
  }

  /** A fetcher that sleeps not at all but notes how long it would have. */
  function fetcher(options: Partial<FetcherOptions> & { allowed?: string[] } = {}): {
    fetcher: Fetcher;
    sleeps: number[];
  } {
    const sleeps: number[] = [];
    let time = 0;
    const created = createFetcher({
      guard: createAddressGuard(options.allowed ?? ['127.0.0.1']),
      parser: inProcessParser,
      userAgent: 'DeepStyle/1.0',
      hostConcurrency: 4,
      hostMemoryBytes: 1_000_000,
      requestTimeoutMs: 5_000,
      retries: 3,
      retryBaseMs: 100,
      now: () => time,
      clock: () => new Date(time),
      sleep: async (delayMs) => {
        sleeps.push(delayMs);
        time += delayMs;
      },
      random: () => 0,
      ...options,
    });
    closing.push(() => created.close());
    return { fetcher: created, sleeps };
  }

  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  return { site, fetcher, close, closing };
}
