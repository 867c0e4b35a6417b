import { createReadStream } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream';
import {
  ManifestEmptyError,
  ManifestNotFoundError,
  RejectedSourceError,
  SourceUnreadableError,
} from '../errors.ts';
import type { Fetcher } from '../http/fetcher.ts';
import { decoderOf } from '../http/read-body.ts';
import type { Parser } from '../parser/parser.ts';
import { lineBlocks } from './line-blocks.ts';
import { MAX_LINE_BYTES, type ManifestEntry, type ManifestPhoto } from './manifest-lines.ts';
import { permittedPath, readPhotoFile } from './permitted-files.ts';
import { readPhotoUrl } from './read-url.ts';
import type { OpenedSource, SourceItem } from './source-item.ts';
import type { Spool } from './spool.ts';

export interface ManifestOptions {
  /** Path or http(s) URL of the JSON Lines file. */
  readonly manifest: string;
  readonly season: string;
  /** SCRAPER_FOLDERS. */
  readonly roots: readonly string[];
  readonly maxPhotoBytes: number;
  readonly userAgent: string;
  readonly fetcher: Fetcher;
  readonly parser: Pick<Parser, 'run'>;
  readonly spool: Pick<Spool, 'open'>;
  readonly signal: AbortSignal;
}

/** A manifest that may be read from its begin any number of times; it is never held as a whole. */
interface Manifest {
  /** Address, or path with links resolved. */
  readonly location: string;
  /** For people. */
  readonly name: string;
  readonly isRemote: boolean;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

/** Unpacked. */
const MAX_MANIFEST_BYTES = 256_000_000;
const MAX_LINES = 2_000_000;
const CHUNK_BYTES = 262_144;
/** Lines that cannot be used are told up to this number, and counted from there on. */
const MAX_PROBLEMS = 20;

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

/**
 * Reads a manifest line by line, once to count and once more as the items are taken.
 *
 * @throws RejectedSourceError where a manifest at a URL cannot be fetched or is beyond the limits, and what
 *   checkManifestFile throws
 */
export async function openManifest(options: ManifestOptions): Promise<OpenedSource> {
  const manifest = isUrl(options.manifest) ? await fetched(options) : await onDisk(options);
  let expected = 0;
  for await (const _ of itemsOf(manifest, options)) expected += 1;
  return { expected, items: itemsOf(manifest, options) };
}

async function* itemsOf(manifest: Manifest, options: ManifestOptions): AsyncGenerator<SourceItem> {
  const { location, name } = manifest;
  let [lines, problems, untold] = [0, 0, 0];
  for await (const bytes of blocksOf(manifest)) {
    const block = await options.parser.run('manifest', {
      bytes,
      firstLine: lines + 1,
      season: options.season,
      base: manifest.isRemote ? location : null,
      maxProblems: MAX_PROBLEMS - problems,
    });
    lines += block.lines;
    untold += block.untold;
    problems += block.entries.filter(({ kind }) => kind === 'problem').length;
    if (lines > MAX_LINES) {
      throw new RejectedSourceError('TOO_LARGE', `It has more than ${MAX_LINES} lines.`);
    }
    for (const entry of block.entries) yield itemOf(entry, manifest, options);
  }
  if (untold === 0) return;
  const reason = `${untold} more of its lines cannot be used.`;
  yield { kind: 'rejected', key: `line:${location}#more`, name, code: 'INVALID_LINE', reason };
}

/** @throws RejectedSourceError TOO_LARGE, UNREADABLE */
async function* blocksOf({ chunks }: Manifest): AsyncGenerator<Uint8Array> {
  try {
    yield* lineBlocks(chunks(), MAX_MANIFEST_BYTES, MAX_LINE_BYTES);
  } catch (error) {
    if (error instanceof RejectedSourceError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new RejectedSourceError(
      'UNREADABLE',
      `The manifest cannot be read to its end (${code ?? 'unknown error'}).`,
      error,
    );
  }
}

function itemOf(entry: ManifestEntry, manifest: Manifest, options: ManifestOptions): SourceItem {
  const { location, name } = manifest;
  const at = `${name}, line ${entry.number}`;
  if (entry.kind === 'photo') return candidateOf(entry.photo, manifest, at, options);
  const { code, reason } = entry.problem;
  return { kind: 'rejected', key: `line:${location}#${entry.number}`, name: at, code, reason };
}

function candidateOf(
  photo: ManifestPhoto,
  { location }: Manifest,
  at: string,
  options: ManifestOptions,
): SourceItem {
  const { claims } = photo;
  if ('url' in photo) {
    const { url } = photo;
    return {
      kind: 'candidate',
      key: url,
      name: url,
      source: url,
      claims,
      read: (signal, memory) => readPhotoUrl(new URL(url), options, signal, memory),
    };
  }
  const path = resolve(dirname(location), photo.file);
  const name = `${photo.file} (${at})`;
  return {
    kind: 'candidate',
    key: `file:${path}`,
    name,
    source: name,
    claims,
    read: async (signal, memory) =>
      readPhotoFile(await photoPath(path, options), options.maxPhotoBytes, signal, memory),
  };
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

async function onDisk({ manifest, roots }: ManifestOptions): Promise<Manifest> {
  await checkManifestFile(manifest, roots);
  const location = await manifestPath(manifest, roots);
  return {
    location,
    name: basename(location),
    isRemote: false,
    chunks: () => createReadStream(location, { highWaterMark: CHUNK_BYTES }),
  };
}

/** It lies on the disk, packed as it came, until the spool is closed. */
async function fetched({ manifest, fetcher, spool, signal }: ManifestOptions): Promise<Manifest> {
  const file = await spool.open();
  const { headers } = await fetcher.get(new URL(manifest), {
    accept: 'application/x-ndjson, application/jsonl, text/plain, */*;q=0.5',
    maxBytes: MAX_MANIFEST_BYTES,
    into: file,
    signal,
  });
  return {
    location: manifest,
    name: manifest,
    isRemote: true,
    chunks: () => unpacked(file, headers['content-encoding']),
  };
}

function unpacked(file: FileHandle, encoding: string | undefined): AsyncIterable<Uint8Array> {
  const decoder = decoderOf(encoding);
  // What fails is told by the decoder, and whoever leaves it leaves the file too.
  return decoder === null ? chunksOf(file) : pipeline(chunksOf(file), decoder, () => {});
}

async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
