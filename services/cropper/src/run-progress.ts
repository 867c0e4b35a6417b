/** How far a run's cropping is. Ready is final until a retry: a ready run takes no further photograph. */
export interface RunProgress {
  /** Member photographs; null until the scraper has closed the run. */
  readonly expected: number | null;
  readonly done: number;
  readonly failed: number;
  readonly garments: number;
  readonly ready: boolean;
}

export const NEW_RUN: RunProgress = {
  expected: null,
  done: 0,
  failed: 0,
  garments: 0,
  ready: false,
};

export interface PhotoFailure {
  readonly stage: 'detect' | 'crop';
  readonly reason: string;
}

/** How one photograph of a run ended. */
export interface PhotoOutcome {
  readonly photoId: string;
  /** Null where it is done. */
  readonly failure: PhotoFailure | null;
  /** The distinct garments that it gave. */
  readonly garments: readonly { readonly id: string }[];
}

/**
 * Counts photographs as done or failed, each once: the first outcome of a photograph stands, whatever is repeated or
 * comes later. `settled` names those of them that were counted before. `fresh` are the outcomes that now count.
 */
export function settlePhotos<O extends PhotoOutcome>(
  progress: RunProgress,
  settled: ReadonlySet<string>,
  outcomes: readonly O[],
): { readonly progress: RunProgress; readonly fresh: readonly O[] } {
  if (progress.ready) return { progress, fresh: [] };
  const seen = new Set(settled);
  const fresh = outcomes.filter(({ photoId }) => {
    if (seen.has(photoId)) return false;
    seen.add(photoId);
    return true;
  });
  const failed = fresh.filter(({ failure }) => failure !== null).length;
  const garments = fresh.reduce((sum, outcome) => sum + outcome.garments.length, 0);
  const next = {
    ...progress,
    done: progress.done + fresh.length - failed,
    failed: progress.failed + failed,
    garments: progress.garments + garments,
  };
  return { progress: withReadiness(next), fresh };
}

/** The scraper says how many photographs the run has; the first word stands until a retry. */
export function closeScrape(progress: RunProgress, photos: number): RunProgress {
  if (progress.expected !== null) return progress;
  return withReadiness({ ...progress, expected: photos });
}

/** Ready as soon as all photographs are settled; a canceled run only once it is resumed. */
export function withReadiness(progress: RunProgress): RunProgress {
  const { expected, done, failed } = progress;
  return { ...progress, ready: expected !== null && done + failed >= expected };
}
