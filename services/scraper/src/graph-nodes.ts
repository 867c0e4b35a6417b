import { globalId, imageField } from '@deepstyle/service';
import type { Photo, Run } from './records.ts';
import { cleanClaim } from './sources/source-item.ts';

export type RunNode = ReturnType<typeof runNode>;
export type PhotoNode = ReturnType<typeof photoNode>;

/** A run as the graph has it. */
export function runNode(run: Run) {
  const { season, brand, detector, createdAt, canceledAt, stored, duplicates, rejected } = run;
  return {
    id: globalId('Run', run.id),
    season,
    brand,
    detector,
    createdAt: createdAt.toISOString(),
    canceledAt: canceledAt?.toISOString() ?? null,
    photoCounts: { stored, duplicates, rejected },
  };
}

/** A photograph as the graph has it. */
export function photoNode(photo: Photo) {
  const { brand, category, source, title, createdAt } = photo;
  // Photographs that an earlier version stored may hold links that are none now.
  const author = cleanClaim('author', photo.author);
  const license = cleanClaim('license', photo.license);
  return {
    id: globalId('Photo', photo.id),
    image: imageField({ key: photo.objectKey }, photo.widthPx, photo.heightPx, photo),
    brand,
    category,
    attribution: { source, title, author, license },
    createdAt: createdAt.toISOString(),
  };
}
