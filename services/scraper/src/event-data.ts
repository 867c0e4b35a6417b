import type { EventData, RunReference } from '@deepstyle/contracts';
import type { Photo, Run } from './records.ts';
import type { PhotoClaims } from './sources/finding.ts';

/** The run as every event of it carries it. */
function runReference(run: Run): RunReference {
  return {
    id: run.id,
    season: run.season,
    brand: run.brand,
    detector: run.detector,
    gan: { steps: run.ganSteps, skip: run.ganSkip },
  };
}

/** What this run's source says goes before what an earlier one said. */
export function photoStored(
  run: Run,
  photo: Photo,
  claims: PhotoClaims,
): { data: EventData<'deepstyle.photo.stored.v1'>; id: string } {
  return {
    id: `photo.stored:${run.id}:${photo.id}`,
    data: {
      run: runReference(run),
      photo: {
        id: photo.id,
        image: {
          key: photo.objectKey,
          sha256: photo.id,
          contentType: photo.contentType,
          bytes: photo.bytes,
        },
        widthPx: photo.widthPx,
        heightPx: photo.heightPx,
        brand: claims.brand ?? photo.brand,
        category: claims.category ?? photo.category,
      },
    },
  };
}

export function scrapeCompleted(run: Run): {
  data: EventData<'deepstyle.scrape.completed.v1'>;
  id: string;
} {
  return {
    id: `scrape.completed:${run.id}`,
    data: {
      run: runReference(run),
      photos: run.stored,
      duplicates: run.duplicates,
      rejected: run.rejected,
    },
  };
}
