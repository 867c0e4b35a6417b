import { LostSourceError, RejectedSourceError } from '../errors.ts';
import { allows, type RobotsGroup } from './robots-group.ts';

/** What an origin's robots.txt says of a URL. */
export interface RobotsVerdict {
  readonly allowed: boolean;
  /** Pause between requests that the host asks for, in ms; 0 where it asks for none. */
  readonly crawlDelayMs: number;
  /** Whether it is not what robots.txt says, as the host could not serve it. */
  readonly isLost?: boolean;
}

export type RobotsRules = (url: URL) => RobotsVerdict;

// RFC 9309, 2.5: at least 500 KiB must be parsed.
export const MAX_ROBOTS_BYTES = 512 * 1024;
const MAX_CRAWL_DELAY_MS = 60_000;

const ALLOWS_ALL: RobotsRules = () => ({ allowed: true, crawlDelayMs: 0 });
const FORBIDS_ALL: RobotsRules = () => ({ allowed: false, crawlDelayMs: 0 });
const NOT_SERVED: RobotsRules = () => ({ allowed: false, crawlDelayMs: 0, isLost: true });

/**
 * The rules of one origin by the answer to its /robots.txt (RFC 9309): 2xx is read, 4xx allows everything, 5xx and what
 * cannot be read forbid everything.
 */
export async function robotsRules(
  status: number,
  readGroup: () => Promise<RobotsGroup>,
): Promise<RobotsRules> {
  if (status >= 500) return NOT_SERVED;
  if (status < 200 || status >= 300) return ALLOWS_ALL;
  try {
    const group = await readGroup();
    const crawlDelayMs = group.crawlDelaySeconds * 1000;
    return (url) => ({ allowed: allows(group, url), crawlDelayMs });
  } catch (error) {
    if (error instanceof RejectedSourceError) return FORBIDS_ALL;
    throw error;
  }
}

/** `DeepStyle/1.0 (+https://…)` -> `DeepStyle` */
export function productToken(userAgent: string): string {
  return userAgent.split(/[/\s]/, 1)[0] ?? userAgent;
}

/** @throws RejectedSourceError ROBOTS_DISALLOWED, also where the pause asked for is longer than a minute */
export function requireAllowed(url: URL, verdict: RobotsVerdict): void {
  if (!verdict.allowed) {
    const Rejection = verdict.isLost === true ? LostSourceError : RejectedSourceError;
    throw new Rejection(
      'ROBOTS_DISALLOWED',
      `robots.txt of ${url.host} forbids ${url.pathname}, or could not be served or read.`,
    );
  }
  if (verdict.crawlDelayMs > MAX_CRAWL_DELAY_MS) {
    throw new RejectedSourceError(
      'ROBOTS_DISALLOWED',
      `robots.txt of ${url.host} asks for ${verdict.crawlDelayMs / 1000} s between requests; more than ${MAX_CRAWL_DELAY_MS / 1000} s is taken as a refusal.`,
    );
  }
}

const OPT_OUT = new Set(['noai', 'noimageai', 'noindex', 'noimageindex', 'none']);
// Directives with a value look like `token: directive` and are none.
const WITH_VALUE = /^(max-snippet|max-image-preview|max-video-preview|unavailable_after)$/;

/**
 * Whether `X-Robots-Tag` values (or a robots meta tag) ask that a picture be left alone, for everyone or for our
 * product token. `token: directive` limits what follows to that agent.
 */
export function optsOut(values: readonly string[], userAgent: string): boolean {
  const token = productToken(userAgent).toLowerCase();
  return values.some((value) => {
    const [head = '', ...rest] = value.toLowerCase().split(':');
    const name = head.trim();
    const agent = rest.length === 0 || /[,\s]/.test(name) || WITH_VALUE.test(name) ? null : name;
    const isForUs = agent === null || agent === token || agent === 'robots';
    const directives = agent === null ? value.toLowerCase() : rest.join(':');
    return isForUs && directives.split(',').some((directive) => OPT_OUT.has(directive.trim()));
  });
}
