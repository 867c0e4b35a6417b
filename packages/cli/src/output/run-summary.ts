import { ourCommand, withData } from './our-command.ts';
import type { RunResult } from './run-result.ts';
import { duration } from './stage-line.ts';

/** What a run came to, for the person at the command line. @param data the data folder, where it was named */
export function runSummary(
  result: RunResult & { readonly seconds: number },
  data: string | undefined,
): string {
  const { photos, gan } = result;
  const kid =
    gan.firstKid === null || gan.bestKid === null
      ? ''
      : `, KID ${gan.firstKid.toFixed(4)} to ${gan.bestKid.toFixed(4)} (${gan.featureSpace})`;
  return [
    `run           ${result.run}`,
    `photographs   ${photos.stored} stored, ${photos.duplicates} duplicates, ${photos.rejected} rejected`,
    `garments      ${result.garments}`,
    `gan           ${gan.outcome === 'none' ? withData(gan.detail ?? 'none', data) : `${gan.steps} steps${kid}`}`,
    `designs       ${result.designs} in ${result.collections} collection${result.collections === 1 ? '' : 's'}`,
    `trend batches ${result.trendBatches}`,
    ...(result.incomplete === null ? [] : [`incomplete    ${result.incomplete}`]),
    ...result.trend.map((line) => `              ${line}`),
    `${duration(result.seconds)}. Look at it: ${ourCommand('up', data)}`,
    '',
  ].join('\n');
}
