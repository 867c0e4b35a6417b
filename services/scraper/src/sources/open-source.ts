import type { ScraperSettings } from '../config.ts';
import type { Fetcher } from '../http/fetcher.ts';
import type { Run, RunSource } from '../records.ts';
import type { OpenSource } from './finding.ts';
import { openFolder } from './folder.ts';
import { openManifest } from './manifest.ts';
import { openPages } from './pages.ts';

export interface OpenSourceOptions {
  readonly run: Pick<Run, 'id' | 'season'>;
  readonly fetcher: Fetcher;
  readonly settings: ScraperSettings;
  readonly signal: AbortSignal;
}

/** @throws what checkSource throws, where it has changed since; RejectedSourceError for a manifest that cannot be had */
export async function openSource(
  { kind, location }: RunSource,
  { run, fetcher, settings, signal }: OpenSourceOptions,
): Promise<OpenSource> {
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
        signal,
      });
    case 'url':
      return openPages({
        url: location,
        runId: run.id,
        season: run.season,
        fetcher,
        userAgent,
        maxPhotoBytes,
        maxPages: settings.maxPages,
        maxDepth: settings.maxDepth,
        concurrency: settings.hostConcurrency,
        signal,
      });
  }
}
