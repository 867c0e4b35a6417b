import { UsageError } from '../usage-error.ts';
import { existing } from './paths.ts';
import type { Parse } from './values.ts';

/** Where photographs come from, as the graph's SourceInput has it. */
export type PhotoSource =
  | { readonly folder: string }
  | { readonly manifest: string }
  | { readonly url: string };

/** A URL is a page unless it ends like a manifest; anything else is a path. @param from where relative paths begin */
export function photoSource(name: string, from: string): Parse<PhotoSource> {
  return (typed) => {
    const isManifest = /\.(jsonl|ndjson)$/.test(typed);
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1];
    if (scheme !== undefined) {
      if (!/^https?$/.test(scheme) || !URL.canParse(typed))
        throw new UsageError(
          `${name}: ${typed} is no address that begins with https:// or http://.`,
        );
      return isManifest ? { manifest: typed } : { url: typed };
    }
    return isManifest
      ? { manifest: existing('file', name, from)(typed) }
      : { folder: existing('folder', name, from)(typed) };
  };
}
