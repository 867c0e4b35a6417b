import type { DetectedFiles } from '@deepstyle/detector/files';

/** What came of it, and where it lies. */
export interface DetectReport extends DetectedFiles {
  readonly output: string;
  readonly model: string;
  readonly seconds: number;
  /** Whether it was stopped before its end. */
  readonly stopped: boolean;
  readonly ok: boolean;
}

const MAX_NAMED = 10;

export function reportText(report: DetectReport, hasCrops: boolean): string {
  const { photos, detected, failed, withoutGarments, garments, seconds, stopped } = report;
  const rate = seconds > 0 ? `, ${(detected / seconds).toFixed(1)}/s` : '';
  const open = photos - detected - failed.length;
  return [
    ...failed.slice(0, MAX_NAMED).map(({ name, reason }) => `failed       ${name}: ${reason}`),
    ...(failed.length > MAX_NAMED ? [`             and ${failed.length - MAX_NAMED} more`] : []),
    `photographs  ${detected} of ${photos}${rate}; ${failed.length} failed, ${withoutGarments} without a garment`,
    ...(stopped ? [`stopped      ${open} were not looked at`] : []),
    ...leftOut(report),
    `garments     ${garments}${byCategory(report)}`,
    `pictures     ${report.output}/pictures`,
    ...(hasCrops ? [`crops        ${report.output}/crops`] : []),
    `COCO         ${report.output}/detections.json (${report.detections} boxes from a score of ${report.minScore}), its ids in images.json`,
    '',
  ].join('\n');
}

function leftOut({ otherFiles, repeatedFolders }: DetectedFiles): string[] {
  return [
    ...(otherFiles > 0 ? [`left out     ${otherFiles} files that are no pictures`] : []),
    ...(repeatedFolders > 0
      ? [`left out     ${repeatedFolders} links to folders that are looked at anyway`]
      : []),
  ];
}

function byCategory({ categories, drawnMinScore }: DetectedFiles): string {
  const found = categories
    .filter((one) => one.garments > 0)
    .sort((one, other) => other.garments - one.garments)
    .map(({ name, garments }) => `${garments} ${name}`);
  return ` from a score of ${drawnMinScore}${found.length === 0 ? '' : `: ${found.join(', ')}`}`;
}
