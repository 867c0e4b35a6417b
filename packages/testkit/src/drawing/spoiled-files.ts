import { notPhotographs } from './not-photographs.ts';

/** What a file of a drawn set has at least. */
interface DrawnFile {
  readonly id: string;
  readonly file: string;
  readonly season: string;
  readonly bytes: Uint8Array;
}

/** Where a file of the set lies under an id. */
type FileOf<P> = (photo: P, id: string) => string;

/** Exact copies under other names. Every copy stays in its original's season (and folder), so that no share moves. */
export function copiesAmong<P extends DrawnFile>(
  photos: readonly P[],
  count: number,
  fileOf: FileOf<P>,
): (P & { readonly kind: 'duplicate'; readonly duplicateOf: string })[] {
  return spread(photos, count).map((photo, i) => {
    const id = `${photo.id}-copy-${i + 1}`;
    return { ...photo, id, file: fileOf(photo, id), kind: 'duplicate', duplicateOf: photo.id };
  });
}

/** Files that look like photographs by name and are none. */
export function spoiledAmong<P extends DrawnFile>(
  photos: readonly P[],
  count: number,
  fileOf: FileOf<P>,
): (P & { readonly kind: 'not-photo'; readonly really: string })[] {
  const kinds = notPhotographs(photos[0]?.bytes ?? new Uint8Array());
  return spread(photos, count).map((photo, i) => {
    const { really, bytes } = kinds[i % kinds.length] as (typeof kinds)[number];
    const id = `${photo.season.toLowerCase()}-${really.replaceAll(' ', '-')}-${i + 1}`;
    return { ...photo, id, file: fileOf(photo, id), bytes, kind: 'not-photo', really };
  });
}

/** `count` items at even distances. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length === 0) return [];
  const step = items.length / Math.max(1, count);
  return Array.from({ length: count }, (_, i) => items[Math.floor((i + 0.5) * step)] as T);
}
