import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import {
  ManifestEmptyError,
  ManifestNotFoundError,
  RejectedSourceError,
  SourceUnreadableError,
} from '../errors.ts';
import type { Fetcher } from '../http/fetcher.ts';
import { tooManyBytes } from '../photograph.ts';
import { permittedPath, readPhotoFile } from './permitted-files.ts';
import { readPhotoUrl } from './read-url.ts';
import { isOfOtherSeason } from './season.ts';
import { cleanClaims, type OpenedSource, type SourceItem } from './source-item.ts';

export interface ManifestOptions {
  /** Path or http(s) URL of the JSON Lines file. */
  readonly manifest: string;
  readonly season: string;
  /** SCRAPER_FOLDERS. */
  readonly roots: readonly string[];
  readonly maxPhotoBytes: number;
  readonly userAgent: string;
  readonly fetcher: Fetcher;
  readonly signal: AbortSignal;
}

const MAX_MANIFEST_BYTES = 256_000_000;

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
export type ManifestLine = z.infer<typeof lineSchema>;

export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/**
 * Checks a manifest file before a run depends on it.
 *
 * @throws ManifestNotFoundError, ManifestEmptyError, SourceUnreadableError, FolderNotPermittedError
 */
export async function checkManifestFile(path: string, roots: readonly string[]): Promise<void> {
  const real = await manifestPath(path, roots);
  const found = await stat(real);
  if (!found.isFile()) throw new ManifestNotFoundError(path);
  if (found.size === 0) throw new ManifestEmptyError(path);
}

/** @throws RejectedSourceError where a manifest at a URL cannot be fetched, and what checkManifestFile throws */
export async function openManifest(options: ManifestOptions): Promise<OpenedSource> {
  const { manifest } = options;
  const remote = isUrl(manifest);
  const location = remote ? manifest : await manifestPath(manifest, options.roots);
  const text = remote ? await fetchText(options) : await readText(location);
  const name = remote ? manifest : basename(location);
  const lines = parseLines(text, options.season);
  return { expected: lines.length, items: items() };

  function* items(): Generator<SourceItem> {
    for (const { content, number } of lines) {
      const at = `${name}, line ${number}`;
      try {
        if (content instanceof RejectedSourceError) throw content;
        yield itemOf(content, location, remote, at, options);
      } catch (error) {
        if (!(error instanceof RejectedSourceError)) throw error;
        const { rejection: code, message: reason } = error;
        yield { kind: 'rejected', key: `line:${location}#${number}`, name: at, code, reason };
      }
    }
  }
}

interface NumberedLine {
  /** Counted from 1, empty ones too. */
  readonly number: number;
  readonly content: ManifestLine | RejectedSourceError;
}

/** The lines without those that name another season. */
export function parseLines(text: string, season: string): readonly NumberedLine[] {
  const lines: NumberedLine[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const content = parsedOrError(line.trim());
    const said = content instanceof RejectedSourceError ? null : content.season;
    if (!isOfOtherSeason(said, season)) lines.push({ number: index + 1, content });
  }
  return lines;
}

function parsedOrError(line: string): ManifestLine | RejectedSourceError {
  try {
    return parseLine(line);
  } catch (error) {
    if (error instanceof RejectedSourceError) return error;
    throw error;
  }
}

/** @throws RejectedSourceError INVALID_LINE */
export function parseLine(line: string): ManifestLine {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new RejectedSourceError('INVALID_LINE', 'The line is no JSON object.');
  }
  const parsed = lineSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter((part) => part !== '').join(': '),
  );
  throw new RejectedSourceError('INVALID_LINE', `The line is not usable: ${problems.join('; ')}.`);
}

function itemOf(
  line: ManifestLine,
  location: string,
  remote: boolean,
  at: string,
  options: ManifestOptions,
): SourceItem {
  const claims = cleanClaims({ ...line, author: line.author ?? line.attribution });
  if (line.url !== undefined) {
    const url = lineUrl(line.url, remote ? location : undefined);
    const read = (signal: AbortSignal) => readPhotoUrl(url, options, signal);
    return { kind: 'candidate', key: url.href, name: url.href, source: url.href, claims, read };
  }
  // Whoever writes a manifest elsewhere must not read files here.
  if (remote) {
    throw new RejectedSourceError(
      'OUTSIDE_FOLDER',
      'A manifest from a URL names files by "url", not by "file".',
    );
  }
  const path = resolve(dirname(location), line.file ?? '');
  const read = async () => readPhotoFile(await photoPath(path, options), options.maxPhotoBytes);
  const name = `${line.file} (${at})`;
  return { kind: 'candidate', key: `file:${path}`, name, source: name, claims, read };
}

function lineUrl(text: string, base: string | undefined): URL {
  if (!URL.canParse(text, base)) {
    throw new RejectedSourceError('INVALID_LINE', `"${text}" is no address.`);
  }
  const url = new URL(text, base);
  url.hash = '';
  return url;
}

async function photoPath(path: string, { roots }: ManifestOptions): Promise<string> {
  try {
    return await permittedPath(path, roots);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === 'PERMISSION_DENIED'
      ? new RejectedSourceError('OUTSIDE_FOLDER', message)
      : new RejectedSourceError('UNREADABLE', `It cannot be read (${code ?? 'unknown error'}).`);
  }
}

async function manifestPath(path: string, roots: readonly string[]): Promise<string> {
  try {
    return await permittedPath(path, roots);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ManifestNotFoundError(path);
    if (code === 'EACCES') throw new SourceUnreadableError(path, error);
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_MANIFEST_BYTES) throw tooManyBytes(MAX_MANIFEST_BYTES);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof RejectedSourceError) throw error;
    throw new SourceUnreadableError(path, error);
  }
}

async function fetchText({ manifest, fetcher, signal }: ManifestOptions): Promise<string> {
  const { body } = await fetcher.get(new URL(manifest), {
    accept: 'application/x-ndjson, application/jsonl, text/plain, */*;q=0.5',
    maxBytes: MAX_MANIFEST_BYTES,
    signal,
  });
  return body.toString('utf8');
}
