import {
  bySupercategory,
  type CategoryPrecision,
  type CocoDetection,
  type CocoEvaluation,
  type CocoMetrics,
  type CocoTruth,
  evaluateCocoBoxes,
  evaluationWarnings,
  IOU_THRESHOLDS,
} from '@deepstyle/vision';

/** What `detector evaluate --json` ends with. Values in [0, 1]; -1 where there is no ground truth to measure by. */
export interface DetectorReport {
  /** pycocotools' 12 numbers in its order: AP, AP50, AP75, APs, APm, APl, AR1, AR10, AR100, ARs, ARm, ARl. */
  readonly stats: readonly number[];
  /** The same by name. */
  readonly metrics: CocoMetrics;
  readonly byIou: readonly { readonly iou: number; readonly ap: number }[];
  readonly categories: readonly CategoryPrecision[];
  /** The 12 numbers where a box counts whatever its category (`useCats = 0`). */
  readonly anyCategory: { readonly stats: readonly number[] };
  /** Told apart by supercategory only; null where the categories have none. */
  readonly supercategories: {
    readonly stats: readonly number[];
    readonly categories: readonly CategoryPrecision[];
  } | null;
  readonly images: number;
  readonly annotations: number;
  readonly detections: number;
  /** What was evaluated but hardly meant, as sentences. */
  readonly warnings: readonly string[];
}

export function reportOf(dataset: CocoTruth, detections: readonly CocoDetection[]): DetectorReport {
  const { metrics, apByIou, categories } = evaluateCocoBoxes(dataset, detections);
  const anyCategory = evaluateCocoBoxes(dataset, detections, { useCategories: false });
  const types = bySupercategory(dataset, detections);
  const byType = types && evaluateCocoBoxes(types.dataset, types.detections);
  return {
    stats: statsOf(metrics),
    metrics,
    byIou: apByIou.map((ap, i) => ({ iou: roundedIou(IOU_THRESHOLDS[i] ?? 0), ap })),
    categories,
    anyCategory: { stats: statsOf(anyCategory.metrics) },
    supercategories: byType === undefined ? null : supercategoriesOf(byType),
    images: dataset.images.length,
    annotations: dataset.annotations.length,
    detections: detections.length,
    warnings: evaluationWarnings(dataset, detections),
  };
}

function supercategoriesOf({ metrics, categories }: CocoEvaluation) {
  return { stats: statsOf(metrics), categories };
}

function roundedIou(iou: number): number {
  return Math.round(iou * 100) / 100;
}

/** In the order of pycocotools. */
function statsOf(m: CocoMetrics): number[] {
  return [
    ...[m.ap, m.ap50, m.ap75, m.apSmall, m.apMedium, m.apLarge],
    ...[m.ar1, m.ar10, m.ar100, m.arSmall, m.arMedium, m.arLarge],
  ];
}

const STAT_NAMES = [
  'AP           IoU 0.50:0.95',
  'AP50         IoU 0.50',
  'AP75         IoU 0.75',
  'AP small     below 32 x 32 px',
  'AP medium    to 96 x 96 px',
  'AP large     above 96 x 96 px',
  'AR 1         1 detection an image',
  'AR 10        10 detections an image',
  'AR 100       100 detections an image',
  'AR small',
  'AR medium',
  'AR large',
] as const;

/** The report for people. */
export function reportTable(report: DetectorReport): string {
  const { images, annotations, detections } = report;
  return [
    `${detections} detections against ${annotations} boxes in ${images} images`,
    '',
    ...STAT_NAMES.map((name, i) => `${name.padEnd(38)}${percent(report.stats[i] ?? -1)}`),
    '',
    `IoU     ${report.byIou.map(({ iou }) => iou.toFixed(2).padStart(6)).join('')}`,
    `AP      ${report.byIou.map(({ ap }) => percent(ap)).join('')}`,
    '',
    ...categoryLines('category', report.categories),
    ...(report.supercategories === null
      ? []
      : ['', ...categoryLines('supercategory', report.supercategories.categories)]),
    '',
  ].join('\n');
}

function categoryLines(title: string, rows: readonly CategoryPrecision[]): string[] {
  const width = Math.max(title.length, ...rows.map(({ name }) => name.length)) + 2;
  const head = `${title.padEnd(width)}    AP  AP50  boxes`;
  return [
    head,
    ...rows.map(
      ({ name, ap, ap50, truths }) =>
        `${name.padEnd(width)}${percent(ap)}${percent(ap50)}${String(truths).padStart(7)}`,
    ),
  ];
}

function percent(value: number): string {
  return (value < 0 ? '-' : (value * 100).toFixed(1)).padStart(6);
}
