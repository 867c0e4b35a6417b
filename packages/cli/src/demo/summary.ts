import { duration } from '../progress.ts';
import type { DemoResult } from './result.ts';

/** The result for people. */
export function demoSummary(result: DemoResult): string {
  const { photos, detector, garments, gan, trend } = result;
  const kid = (value: number | null) => value?.toFixed(4) ?? '-';
  return [
    '',
    `photographs   ${photos.drawn} drawn, ${photos.stored} stored, ${photos.duplicates} duplicates, ${photos.rejected} rejected`,
    `detector      AP50 ${percent(detector.ap50)} by category, ${percent(detector.ap50ByType)} by type, AP ${percent(detector.ap)}; trained ${duration(detector.trainSeconds ?? 0)}`,
    `garments      ${garments.found} found, ${garments.drawn} drawn`,
    `gan           ${gan.steps} steps, KID ${kid(gan.firstKid)} to ${kid(gan.bestKid)} (${gan.featureSpace ?? '-'})`,
    `designs       ${result.designs} in ${result.collections} collection${result.collections === 1 ? '' : 's'}`,
    `trend batches ${result.trendBatches}, largest error of a share ${(trend.maxShareError * 100).toFixed(1)} points`,
    `  drawn       ${trend.drawn.join(', ')}`,
    `  called      ${trend.called.join(', ') || 'nothing'}`,
    `${duration(result.seconds)}, peak ${result.peakMb} MB`,
    '',
  ].join('\n');
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`;
}
