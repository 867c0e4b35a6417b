/** What of a run got lost on its way, and how much of that may be published unasked. */
export interface Losses {
  /** Photographs that were settled. */
  readonly photos: number;
  /** Those of them that could not be processed. */
  readonly failedPhotos: number;
  /** Why some of them could not, most frequent first. */
  readonly failures?: readonly { readonly reason: string; readonly photos: number }[] | undefined;
  /** Sources beside them that gave no photograph for a fault of their host. */
  readonly lost?: number | undefined;
  /** Why the photographs are not all that the sources have; null: they are. */
  readonly incomplete?: string | null | undefined;
}

/** Why the run is not fit to be published unasked; null where it is. @param maxShare of the photographs, in [0, 1] */
export function incompleteness(
  { photos, failedPhotos, failures = [], lost = 0, incomplete = null }: Losses,
  maxShare: number,
): string | null {
  if (incomplete !== null) return incomplete;
  const all = photos + lost;
  const failed = failedPhotos + lost;
  if (failed <= maxShare * all) return null;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const fetched = lost === 0 ? '' : `, ${lost} of them as their hosts did not give them`;
  const causes = failures.map(({ reason, photos: count }) => ` ${count}: ${reason}`).join('');
  return `${failed} of ${all} photographs failed${fetched} (${percent(failed / all)}, at most ${percent(maxShare)} may).${causes}`;
}
