import type { MemoryLease } from '@deepstyle/vision';
import type { RejectionCode } from '../errors.ts';
import { withoutForeignLink } from './links.ts';

/** What a folder, manifest or page says of a photograph; null where it says nothing. */
export interface PhotoClaims {
  readonly brand: string | null;
  readonly category: string | null;
  readonly title: string | null;
  readonly author: string | null;
  readonly license: string | null;
}

/** A place that should give a photograph. */
export interface Candidate {
  readonly kind: 'candidate';
  /** What makes it the same source again: the path or address of the bytes. */
  readonly key: string;
  /** The file name or address of the photograph itself, for people. */
  readonly name: string;
  /** The page or file it was found on, for its attribution. */
  readonly source: string;
  readonly claims: PhotoClaims;
  /** The bytes, for which `memory` is taken; whoever reads gives it back. @throws RejectedSourceError */
  readonly read: (signal: AbortSignal, memory: MemoryLease) => Promise<Uint8Array>;
}

/** A place that was found to give none before anything was read. */
export interface RejectedItem {
  readonly kind: 'rejected';
  readonly key: string;
  /** The file name or address, for people. */
  readonly name: string;
  readonly code: RejectionCode;
  readonly reason: string;
  /** Whether it is for a fault of the moment, so that another try may give the photograph. */
  readonly isLost?: boolean;
  /** Whether it is a whole source of the run, of which nobody knows how many photographs it has. */
  readonly isSource?: boolean;
}

export type SourceItem = Candidate | RejectedItem;

/** One source of a run, opened. */
export interface OpenedSource {
  /** Number of items to come, where it can be known beforehand. */
  readonly expected: number | null;
  readonly items: AsyncIterable<SourceItem> | Iterable<SourceItem>;
}

export const NO_CLAIMS: PhotoClaims = {
  brand: null,
  category: null,
  title: null,
  author: null,
  license: null,
};

const MAX_LENGTHS = { brand: 200, category: 100, title: 500, author: 200, license: 200 } as const;

/**
 * Claims as they may be stored: one line each, no control characters, of bounded length, never empty, and no link but an
 * http(s) one.
 */
export function cleanClaims(
  raw: {
    readonly [K in keyof PhotoClaims]?: string | null | undefined;
  },
): PhotoClaims {
  return {
    brand: cleanClaim('brand', raw.brand),
    category: cleanClaim('category', raw.category),
    title: cleanClaim('title', raw.title),
    author: cleanClaim('author', raw.author),
    license: cleanClaim('license', raw.license),
  };
}

export function cleanClaim(name: keyof PhotoClaims, raw: string | null | undefined): string | null {
  const text = cleanText(raw, MAX_LENGTHS[name]);
  // Whoever shows these may make links of them.
  const isCredit = name === 'author' || name === 'license';
  return text === null || !isCredit ? text : withoutForeignLink(text);
}

/** A line of text of at most `maxLength` UTF-16 units that PostgreSQL takes, or null where nothing is left. */
export function cleanText(raw: string | null | undefined, maxLength: number): string | null {
  if (raw === null || raw === undefined) return null;
  const line = raw
    // Lone surrogates and controls, NUL first of all, are no text for a database; what turns the direction lies to people.
    .replace(/[\p{Cc}\p{Cs}\s\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, maxLength)
    // The cut may have gone through a pair.
    .replace(/\p{Cs}+/gu, '')
    .trim();
  return line === '' ? null : line;
}
