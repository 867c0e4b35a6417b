import type { RunProgressView } from './gen/documents.ts';

export {
  CANCEL_RUN,
  PUBLISH_INCOMPLETE_RUN,
  RESUME_RUN,
  RETRY_RUN,
  RUN_DETAILS,
  RUN_PROGRESS,
  RUN_RESULT,
  RUNS,
  type RunProgressView,
  type RunState,
  type RunView,
  START_RUN,
  type StageView,
  type StartRunInput,
  type TrendShareView,
} from './gen/documents.ts';

/** Stages in the order in which a run passes them. */
export const STAGES = ['scraping', 'detection', 'cropping', 'training', 'publishing'] as const;

/** Whether a run was stopped before its end: one that had published by then has ended. */
export function isCanceled({
  canceledAt,
  publishing,
}: Pick<RunProgressView, 'canceledAt' | 'publishing'>): boolean {
  return canceledAt !== null && publishing?.state !== 'DONE';
}
