import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { InvalidArgumentError } from '@deepstyle/platform';
import type { ScraperSettings } from '../config.ts';
import { HostNotFoundError, UrlNotPermittedError } from '../errors.ts';
import { type AddressGuard, bare, PrivateAddressError } from '../http/address-guard.ts';
import { type Fetcher, requireSupported } from '../http/fetcher.ts';
import type { Parser } from '../parser/parser.ts';
import type { Run, RunSource } from '../records.ts';
import { checkFolder, openFolder } from './folder.ts';
import { checkManifestFile, isUrl, openManifest } from './manifest.ts';
import { openPages } from './pages.ts';
import type { OpenedSource } from './source-item.ts';
import type { Spool } from './spool.ts';

interface CheckSourceOptions {
  readonly season: string;
  /** SCRAPER_FOLDERS. */
  readonly roots: readonly string[];
  readonly guard: AddressGuard;
}

/** Checks a source before a run depends on it. @throws what the caller can correct */
export async function checkSource(
  { kind, location }: RunSource,
  { season, roots, guard }: CheckSourceOptions,
): Promise<void> {
  if (kind === 'url' || isUrl(location)) await checkUrl(location, guard);
  else if (kind === 'manifest') await checkManifestFile(location, roots);
  else await checkFolder({ folder: location, season, roots, maxPhotoBytes: 0 });
}

interface OpenSourceOptions {
  readonly run: Pick<Run, 'id' | 'season'>;
  readonly fetcher: Fetcher;
  readonly parser: Pick<Parser, 'run'>;
  readonly spool: Pick<Spool, 'open'>;
  readonly settings: ScraperSettings;
  readonly signal: AbortSignal;
}

/** @throws what checkSource throws, where it has changed since; RejectedSourceError for a manifest that cannot be had */
export async function openSource(
  { kind, location }: RunSource,
  { run, fetcher, parser, spool, settings, signal }: OpenSourceOptions,
): Promise<OpenedSource> {
  const { folders: roots, maxPhotoBytes, userAgent } = settings;
  switch (kind) {
    case 'folder':
      return openFolder({ folder: location, season: run.season, roots, maxPhotoBytes });
    case 'manifest':
      return openManifest({
        manifest: location,
        season: run.season,
        roots,
        maxPhotoBytes,
        userAgent,
        fetcher,
        parser,
        spool,
        signal,
      });
    case 'url':
      return openPages({
        url: location,
        runId: run.id,
        season: run.season,
        fetcher,
        parser,
        userAgent,
        maxPhotoBytes,
        maxPages: settings.maxPages,
        maxDepth: settings.maxDepth,
        concurrency: settings.hostConcurrency,
        signal,
      });
  }
}

async function checkUrl(text: string, guard: AddressGuard): Promise<void> {
  if (!URL.canParse(text)) {
    throw new InvalidArgumentError('sources', `${text} is no address; it begins with https://`);
  }
  const url = new URL(text);
  requireSupported(url);
  const host = bare(url.hostname);
  for (const address of isIP(host) === 0 ? await addressesOf(text, host) : [host]) {
    if (!guard.permits(host, address)) {
      throw new UrlNotPermittedError(text, new PrivateAddressError(host).message);
    }
  }
}

async function addressesOf(url: string, host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTFOUND')
      throw new HostNotFoundError(url, host);
    // A resolver that is down now may be up when the job runs.
    return [];
  }
}
