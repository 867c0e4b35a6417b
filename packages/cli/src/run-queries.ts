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
