import type { BoxConvention, Category } from './category.ts';
import type { DatasetSource, SourceCounts } from './dataset-source.ts';
import { findImages } from './images/image-finder.ts';
import { checkImages } from './images/read-images.ts';
import type { Irregularity, IrregularityCount } from './irregularities.ts';
import { IrregularityReport } from './irregularity-report.ts';
import { type DatasetSourceFormat, type OpenOptions, openDataset } from './open-dataset.ts';

export interface CheckedCategory extends Category {
  /** Boxes that an import would keep. */
  readonly annotations: number;
}

export interface CheckResult {
  readonly format: DatasetSourceFormat;
  readonly boxConvention: BoxConvention;
  /** What an import would keep. */
  readonly counts: SourceCounts;
  /** Boxes by COCO's sizes: areas up to 32^2, to 96^2, and above. */
  readonly boxSizes: { readonly small: number; readonly medium: number; readonly large: number };
  readonly categories: readonly CheckedCategory[];
  /** Where images were found, or the folder that holds all of theirs; null where none were. */
  readonly imageFolder: string | null;
  readonly irregularities: readonly IrregularityCount[];
}

export interface CheckOptions extends OpenOptions {
  /** Decodes images to their end; else only their headers are read. */
  readonly isDeep: boolean;
}

export interface CheckListener {
  /** Told of each irregularity as it is found. */
  readonly onIrregularity?: (irregularity: Irregularity) => void;
  /** Told now and then of what is read, and how much of it. */
  readonly onProgress?: (what: string, done: number, of: number | null) => void;
}

const CONCURRENCY = 4;
const [SMALL_AREA, MEDIUM_AREA] = [32 ** 2, 96 ** 2];

/**
 * Reads a dataset as an import does and tells all that is wrong with it; also of its images, where they are on the disk.
 *
 * @throws what openDataset throws
 */
export async function checkDataset(
  path: string,
  options: CheckOptions,
  { onIrregularity, onProgress }: CheckListener = {},
): Promise<CheckResult> {
  const report = new IrregularityReport({
    strict: false,
    ...(onIrregularity && { listener: onIrregularity }),
  });
  const opened = await openDataset(path, options, {
    report,
    onProgress: (list, rows) => onProgress?.(`reading ${list}`, rows, null),
  });
  try {
    const { slots, format } = opened;
    const finder = await findImages(opened.places, options.isPermitted);
    if (finder !== null) {
      await checkImages(slots, finder, options.isDeep, {
        report,
        concurrency: CONCURRENCY,
        onProgress: (done, of) => onProgress?.('reading images', done, of),
      });
    }
    const source = await opened.settle();
    return {
      format,
      boxConvention: source.boxConvention,
      counts: source.counts,
      ...countBoxes(source),
      imageFolder: finder?.folder ?? null,
      irregularities: report.counts(),
    };
  } finally {
    opened.close();
  }
}

function countBoxes(source: DatasetSource): Pick<CheckResult, 'boxSizes' | 'categories'> {
  const boxSizes = { small: 0, medium: 0, large: 0 };
  const counts = new Map(source.categories.map(({ id }) => [id, 0]));
  for (const { annotations } of source.images()) {
    for (const { category_id: id, area } of annotations) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      boxSizes[area <= SMALL_AREA ? 'small' : area <= MEDIUM_AREA ? 'medium' : 'large'] += 1;
    }
  }
  const categories = source.categories.map((category) => ({
    ...category,
    annotations: counts.get(category.id) ?? 0,
  }));
  return { boxSizes, categories };
}
