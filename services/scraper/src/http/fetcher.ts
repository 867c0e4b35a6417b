import type { IncomingHttpHeaders } from 'node:http';
import { LostSourceError, RejectedSourceError } from '../errors.ts';
import type { Parser } from '../parser/parser.ts';
import { type AddressGuard, guardedAgent } from './address-guard.ts';
import { createHostLimiter } from './host-limiter.ts';
import { KeptRules, type ReadRules } from './kept-rules.ts';
import type { Answer, FetchOptions } from './request.ts';
import { getWithRetries, isFaultOfHost, type RetryOptions } from './retry.ts';
import {
  MAX_ROBOTS_BYTES,
  productToken,
  type RobotsRules,
  requireAllowed,
  robotsRules,
} from './robots.ts';

export interface FetcherOptions extends RetryOptions {
  readonly guard: AddressGuard;
  readonly parser: Pick<Parser, 'run'>;
  /** Requests under way at once to one host. */
  readonly hostConcurrency: number;
  /** What bodies of one host may take of their memory while they come. */
  readonly hostMemoryBytes: number;
}

export interface Fetched {
  /** Where the body came from, after redirects. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** GET requests that keep to robots.txt, to the address guard, to the limits, and to the pace that a host asks for. */
export interface Fetcher {
  /** @throws RejectedSourceError for whatever does not end in a 2xx body within the limits */
  get(url: URL, options: FetchOptions): Promise<Fetched>;
  close(): Promise<void>;
}

const MAX_CONNECT_MS = 10_000;
const MAX_REDIRECTS = 5;

export function createFetcher(options: FetcherOptions): Fetcher {
  const agent = guardedAgent(options.guard, Math.min(MAX_CONNECT_MS, options.requestTimeoutMs));
  const limiter = createHostLimiter({ ...options, concurrency: options.hostConcurrency });
  const robots = new KeptRules();

  return {
    get: async (url, fetchOptions) => {
      const answer = await follow(url, fetchOptions, async (hop) => {
        const verdict = (await rulesOf(hop, fetchOptions.signal))(hop);
        requireAllowed(hop, verdict);
        limiter.space(hop.host, verdict.crawlDelayMs);
      });
      if (answer.status >= 200 && answer.status < 300) return answer;
      const Rejection = isFaultOfHost(answer.status) ? LostSourceError : RejectedSourceError;
      throw new Rejection('HTTP_STATUS', `${url.host} answered ${answer.status}.`);
    },
    close: () => agent.destroy(),
  };

  /** Follows redirects; every hop is checked like the first address. */
  async function follow(
    start: URL,
    fetchOptions: FetchOptions,
    check: (hop: URL) => Promise<void>,
  ): Promise<Answer & { url: URL }> {
    let url = start;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      requireSupported(url);
      await check(url);
      const answer = await getWithRetries(agent, limiter, url, fetchOptions, options);
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status > 399 || location === undefined) {
        return { ...answer, url };
      }
      url = redirected(location, url);
    }
    throw new RejectedSourceError(
      'TOO_MANY_REDIRECTS',
      `${start.href} was redirected more than ${MAX_REDIRECTS} times.`,
    );
  }

  function rulesOf(url: URL, signal: AbortSignal): Promise<RobotsRules> {
    return robots.of(url.origin, () => readRules(new URL('/robots.txt', url), signal));
  }

  async function readRules(robotsUrl: URL, signal: AbortSignal): Promise<ReadRules> {
    const answer = await follow(
      robotsUrl,
      { accept: 'text/plain', maxBytes: MAX_ROBOTS_BYTES, excess: 'cut', signal },
      async () => {},
    );
    const token = productToken(options.userAgent);
    const rules = await robotsRules(answer.status, () =>
      options.parser.run('robots', { body: answer.body, token }),
    );
    return { rules, bytes: answer.body.length };
  }
}

/** @throws RejectedSourceError UNSUPPORTED_URL */
export function requireSupported(url: URL): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new RejectedSourceError(
      'UNSUPPORTED_URL',
      `${url.protocol} addresses are not collected from; http: and https: are.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new RejectedSourceError(
      'UNSUPPORTED_URL',
      'The address carries a user name or password; take them out.',
    );
  }
}

function redirected(location: string, from: URL): URL {
  if (URL.canParse(location, from)) {
    const url = new URL(location, from);
    url.hash = '';
    return url;
  }
  throw new RejectedSourceError('UNSUPPORTED_URL', `${from.href} redirects to no address.`);
}
