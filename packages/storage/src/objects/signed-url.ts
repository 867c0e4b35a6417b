import { createHmac, timingSafeEqual } from 'node:crypto';
import { InvalidArgumentError } from '@deepstyle/platform';
import { SignedUrlError } from '../errors.ts';
import { checkObjectKey } from './object-key.ts';

/** Where the route that serves signed URLs lies, below the public URL. */
export const OBJECTS_PATH = '/objects/';

const LONGEST_SECONDS = 7 * 24 * 3600;

export interface SignedUrlOptions {
  /** The public address of the HTTP route, e.g. `https://deepstyle.example`. */
  readonly baseUrl: string;
  /** At least 16 characters that nobody else knows. */
  readonly signingKey: string;
}

function sign(signingKey: string, key: string, expires: number): string {
  return createHmac('sha256', signingKey).update(`GET\n${key}\n${expires}`).digest('base64url');
}

/** @throws InvalidArgumentError where the time is not 1 second to 7 days */
export function checkExpiry(expiresSeconds: number): void {
  if (Number.isInteger(expiresSeconds) && expiresSeconds >= 1 && expiresSeconds <= LONGEST_SECONDS)
    return;
  throw new InvalidArgumentError(
    'expiresSeconds',
    `must be a whole number from 1 to ${LONGEST_SECONDS}, not ${expiresSeconds}`,
  );
}

/** A URL under `baseUrl` that lets its bearer GET the object for so long. */
export function signUrl(
  { baseUrl, signingKey }: SignedUrlOptions,
  key: string,
  expiresSeconds: number,
  now: number = Date.now(),
): string {
  checkObjectKey(key);
  checkExpiry(expiresSeconds);
  const expires = Math.floor(now / 1000) + expiresSeconds;
  const signature = sign(signingKey, key, expires);
  return `${baseUrl.replace(/\/+$/, '')}${OBJECTS_PATH}${key}?expires=${expires}&signature=${signature}`;
}

/**
 * The key that a signed URL opens. `url` may be the whole URL or its path and query as an HTTP request carries them,
 * below whatever path the public URL has.
 *
 * @throws SignedUrlError where it is expired, was changed, or is signed by another key
 */
export function verifySignedUrl(signingKey: string, url: string, now: number = Date.now()): string {
  let parsed: URL;
  try {
    parsed = new URL(url, 'http://localhost');
  } catch {
    throw new SignedUrlError('invalid');
  }
  const at = parsed.pathname.indexOf(OBJECTS_PATH);
  const key = parsed.pathname.slice(at + OBJECTS_PATH.length);
  const expires = parsed.searchParams.get('expires') ?? '';
  const signature = Buffer.from(parsed.searchParams.get('signature') ?? '');
  if (at < 0 || !/^\d{1,12}$/.test(expires)) throw new SignedUrlError('invalid');
  const expected = Buffer.from(sign(signingKey, key, Number(expires)));
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new SignedUrlError('invalid');
  }
  if (Number(expires) * 1000 <= now) throw new SignedUrlError('expired');
  checkObjectKey(key);
  return key;
}
