import type { Call } from '../call.ts';
import { isCanceled, type RunView } from '../run-queries.ts';
import { withData } from './our-command.ts';
import { resultOf, troublesOf } from './run-result.ts';
import { runSummary } from './run-summary.ts';
import { say } from './say.ts';

/** Tells what a run came to. Exit code 1 where it was canceled, or published nothing. */
export function printRun(
  call: Call,
  run: RunView,
  startedMs: number,
  measured: { readonly peakMb?: number } = {},
): void {
  const seconds = Math.round((Date.now() - startedMs) / 100) / 10;
  const result = { ...resultOf(run), seconds, ...measured };
  say(withData(troublesOf(run).join(''), call.shared.data));
  call.print(result, runSummary(result, call.shared.data));
  if (isCanceled(run) || result.trendBatches === 0) call.exitCode = 1;
}
