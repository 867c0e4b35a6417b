/** What of a run got lost on its way, and how much of that may be published unasked. */
export interface Losses {
  /** Photographs that were settled. */
  readonly photos: number;
  /** Those of them that could not be processed. */
  readonly failedPhotos: number;
  /** Why the photographs are not all that the sources have; null: they are. */
  readonly incomplete?: string | null | undefined;
}

/** Why the run is not fit to be published unasked; null where it is. @param maxShare of the photographs, in [0, 1] */
export function incompleteness(
  { photos, failedPhotos, incomplete = null }: Losses,
  maxShare: number,
): string | null {
  if (incomplete !== null) return incomplete;
  if (failedPhotos <= maxShare * photos) return null;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return `${failedPhotos} of ${photos} photographs failed (${percent(failedPhotos / photos)}, at most ${percent(maxShare)} may).`;
}
