import { z } from 'zod';
import type { RejectionCode } from '../errors.ts';
import { isOfOtherSeason } from './season.ts';
import { cleanClaims, type PhotoClaims } from './source-item.ts';

/** Some whole lines of a manifest. */
export interface ManifestBlock {
  readonly bytes: Uint8Array;
  /** Number of the first of them, counted from 1. */
  readonly firstLine: number;
  readonly season: string;
  /** Where the manifest came from, where that is an address: others are counted from it. Null for a file. */
  readonly base: string | null;
  /** Problems to be told; more are only counted. */
  readonly maxProblems: number;
}

/** What a block of lines holds, without the lines that name another season. */
export interface ManifestEntries {
  /** Lines of the block, empty ones too. */
  readonly lines: number;
  readonly entries: readonly ManifestEntry[];
  /** Lines with a problem that is not told. */
  readonly untold: number;
}

export type ManifestEntry =
  | { readonly kind: 'photo'; readonly number: number; readonly photo: ManifestPhoto }
  | { readonly kind: 'problem'; readonly number: number; readonly problem: LineProblem };

/** A photograph named by address or, in a manifest that is a file, by path. */
export type ManifestPhoto = { readonly claims: PhotoClaims } & (
  | { readonly url: string }
  | { readonly file: string }
);

export interface LineProblem {
  readonly code: RejectionCode;
  readonly reason: string;
}

export const MAX_LINE_BYTES = 65_536;
const MAX_REASON = 300;
const NEWLINE = 0x0a;

const lineSchema = z
  .object({
    url: z.string().min(1).max(4000).optional(),
    file: z.string().min(1).max(4000).optional(),
    brand: z.string().nullish(),
    category: z.string().nullish(),
    title: z.string().nullish(),
    author: z.string().nullish(),
    /** The same as `author`, as some manifests call it. */
    attribution: z.string().nullish(),
    /** Lines of another season than the run's are left out. */
    season: z.string().nullish(),
    license: z.string().nullish(),
  })
  .refine(({ url, file }) => (url === undefined) !== (file === undefined), {
    message: 'needs exactly one of "url" and "file"',
  });
type ManifestLine = z.infer<typeof lineSchema>;

export function readManifestBlock(block: ManifestBlock): ManifestEntries {
  const entries: ManifestEntry[] = [];
  let [lines, problems, untold] = [0, 0, 0];
  for (const line of linesOf(block.bytes)) {
    const number = block.firstLine + lines;
    lines += 1;
    const said = readLine(line, block);
    if (said === null) continue;
    if ('claims' in said) {
      entries.push({ kind: 'photo', number, photo: said });
    } else if (problems < block.maxProblems) {
      problems += 1;
      entries.push({ kind: 'problem', number, problem: said });
    } else {
      untold += 1;
    }
  }
  return { lines, entries, untold };
}

function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** Null for an empty line and for one of another season. */
function readLine(
  bytes: Uint8Array,
  { season, base }: ManifestBlock,
): ManifestPhoto | LineProblem | null {
  if (bytes.length > MAX_LINE_BYTES) {
    return invalid(`The line is longer than ${MAX_LINE_BYTES} bytes.`);
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8').trim();
  if (text === '') return null;
  const line = parseLine(text);
  if ('code' in line) return line;
  return isOfOtherSeason(line.season, season) ? null : photoOf(line, base);
}

function parseLine(text: string): ManifestLine | LineProblem {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return invalid('The line is no JSON object.');
  }
  const parsed = lineSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter((part) => part !== '').join(': '),
  );
  return invalid(`The line is not usable: ${problems.join('; ').slice(0, MAX_REASON)}.`);
}

function photoOf(line: ManifestLine, base: string | null): ManifestPhoto | LineProblem {
  const claims = cleanClaims({ ...line, author: line.author ?? line.attribution });
  const { url, file } = line;
  if (url === undefined) {
    // Whoever writes a manifest elsewhere must not read files here.
    if (base === null) return { claims, file: file ?? '' };
    const reason = 'A manifest from a URL names files by "url", not by "file".';
    return { code: 'OUTSIDE_FOLDER', reason };
  }
  if (!URL.canParse(url, base ?? undefined)) {
    return invalid(`"${url.slice(0, MAX_REASON)}" is no address.`);
  }
  const address = new URL(url, base ?? undefined);
  address.hash = '';
  return { claims, url: address.href };
}

function invalid(reason: string): LineProblem {
  return { code: 'INVALID_LINE', reason };
}
