import { globalId } from '@deepstyle/contracts';

/** What a stage of a canceled run says, for people. */
export function canceledDetail(runId: string): string {
  return `Canceled. To let it go on: deepstyle run resume ${globalId('Run', runId)}`;
}

/** Why a stage of a run failed, and how what failed is tried again. */
export function failedDetail(reason: string, runId: string): string {
  return `${reason} To try it again: deepstyle run retry ${globalId('Run', runId)}`;
}
