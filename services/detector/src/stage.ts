import type { StageFields } from '@deepstyle/service';
import type { PinnedRun } from './records.ts';

/** The detector of a run whose photographs show one garment each. */
const NO_DETECTOR = 'none';

/** The detection of a run as a stage of the graph; null: nothing of the run has arrived. */
export function detectionStage(run: PinnedRun | null): StageFields {
  const counts = { done: 0, failed: 0, expected: null, updatedAt: run?.seenAt ?? null };
  if (run?.detector === NO_DETECTOR)
    return { ...counts, state: 'SKIPPED', detail: 'Each photograph shows one garment.' };
  return { ...counts, state: 'WAITING', detail: null };
}
