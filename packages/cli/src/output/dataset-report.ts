import type { CheckResult } from '@deepstyle/dataset/files';

const EFFECTS = {
  dropped: 'left out',
  repaired: 'read as meant',
  noted: 'kept as it is',
} as const;
/** Of these every category is listed; of longer lists the most frequent. */
const MAX_CATEGORIES = 15;

/** An irregularity as the check and the graph tell of it. */
export interface ShownIrregularity {
  readonly code: string;
  readonly effect: keyof typeof EFFECTS;
  readonly meaning: string;
  readonly count: number;
  readonly examples: readonly {
    readonly file: string;
    readonly line: number | null;
    readonly detail: string;
  }[];
}

/** Irregularities for people: by kind, each with its first places. Empty where there are none. */
export function irregularityLines(irregularities: readonly ShownIrregularity[]): string[] {
  return irregularities.flatMap(({ code, effect, meaning, count, examples }) => [
    `${code}  ${count} ${count === 1 ? 'time' : 'times'}, ${EFFECTS[effect]}`,
    `  ${meaning}`,
    ...examples.map(({ file, line, detail }) => {
      return `    ${file}${line === null ? '' : `:${line}`}  ${detail}`;
    }),
    ...(count > examples.length ? [`    and ${count - examples.length} more`] : []),
    '',
  ]);
}

export function irregularityTotal(irregularities: readonly { readonly count: number }[]): number {
  return irregularities.reduce((sum, { count }) => sum + count, 0);
}

/** The report of `dataset check` for people. */
export function checkReport(path: string, result: CheckResult): string {
  const { counts, irregularities, boxSizes, imageFolder } = result;
  const { train, val, test, none } = counts.splits;
  const total = irregularityTotal(irregularities);
  const kinds = irregularities.length === 1 ? 'kind' : 'kinds';
  return [
    `${path}: ${result.format === 'coco' ? 'COCO' : 'DeepFashion'}`,
    '',
    `images       ${counts.images} would be kept${imageFolder === null ? ', none of them found on the disk' : `; read in ${imageFolder}`}`,
    `splits       train ${train}, val ${val}, test ${test}, none ${none}`,
    `boxes        ${counts.annotations}: ${boxSizes.small} small, ${boxSizes.medium} medium (32 x 32 px and more), ${boxSizes.large} large (96 x 96 px and more)`,
    `widths       right - left${result.boxConvention === 'inclusive' ? ' + 1' : ''}`,
    '',
    ...categoryLines(result),
    '',
    total === 0
      ? 'Nothing is irregular.'
      : `${total} irregularities of ${irregularities.length} ${kinds}`,
    '',
    ...irregularityLines(irregularities),
  ].join('\n');
}

function categoryLines({ categories }: CheckResult): string[] {
  const sorted = categories.toSorted((a, b) => b.annotations - a.annotations || a.id - b.id);
  const shown = sorted.slice(0, MAX_CATEGORIES);
  const width = Math.max(8, ...shown.map(({ name }) => name.length)) + 2;
  const unused = categories.filter(({ annotations }) => annotations === 0).length;
  const more = sorted.length - shown.length;
  return [
    `${'category'.padEnd(width)}type     boxes`,
    ...shown.map(
      ({ name, type, annotations }) =>
        `${name.padEnd(width)}${type.padEnd(5)}${String(annotations).padStart(9)}`,
    ),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(unused > 0 ? [`${unused} of ${categories.length} categories have no box`] : []),
  ];
}
