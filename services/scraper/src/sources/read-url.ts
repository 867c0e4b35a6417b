import type { MemoryLease } from '@deepstyle/vision';
import { RejectedSourceError } from '../errors.ts';
import type { Fetcher } from '../http/fetcher.ts';
import { optsOut } from '../http/robots.ts';

export interface PhotoUrlOptions {
  readonly fetcher: Fetcher;
  readonly maxPhotoBytes: number;
  readonly userAgent: string;
}

/**
 * The bytes behind an address, held in `memory`.
 *
 * @throws RejectedSourceError OPTED_OUT where the answer's headers ask that the picture be left alone, and what the
 *   fetcher throws
 */
export async function readPhotoUrl(
  url: URL,
  { fetcher, maxPhotoBytes, userAgent }: PhotoUrlOptions,
  signal: AbortSignal,
  memory: MemoryLease,
): Promise<Uint8Array> {
  const { headers, body } = await fetcher.get(url, {
    accept: 'image/avif,image/webp,image/jpeg,image/png,image/gif;q=0.8,*/*;q=0.1',
    maxBytes: maxPhotoBytes,
    memory,
    signal,
  });
  requireNotOptedOut(headers, userAgent);
  return body;
}

/** @throws RejectedSourceError OPTED_OUT */
export function requireNotOptedOut(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  userAgent: string,
): void {
  const robots = [headers['x-robots-tag'] ?? []].flat();
  // TDMRep: 1 reserves the rights to text and data mining.
  const reserved = [headers['tdm-reservation'] ?? []].flat().includes('1');
  if (!reserved && !optsOut(robots, userAgent)) return;
  const header = reserved ? 'TDM-Reservation: 1' : `X-Robots-Tag: ${robots.join(', ')}`;
  throw new RejectedSourceError('OPTED_OUT', `The answer asks to be left alone (${header}).`);
}
