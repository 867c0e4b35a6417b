import type { SourceCounts } from './dataset-source.ts';
import { chooseImageFolder } from './images/image-folder.ts';
import { measureImages } from './images/read-images.ts';
import { type Irregularity, type IrregularityCount, IrregularityReport } from './irregularities.ts';
import { type DatasetSourceFormat, type OpenOptions, openDataset } from './open-dataset.ts';

export interface CheckResult {
  readonly format: DatasetSourceFormat;
  /** What an import would keep. */
  readonly counts: SourceCounts;
  readonly categories: number;
  readonly irregularities: readonly IrregularityCount[];
}

const CONCURRENCY = 4;

/**
 * Reads a dataset as an import does and tells all that is wrong with it; also of its images, where they are on the disk.
 *
 * @param listener told of each irregularity as it is found
 * @throws what openDataset throws; IrregularDatasetError at the first irregularity in strict mode
 */
export async function checkDataset(
  path: string,
  options: OpenOptions & { readonly strict: boolean },
  listener: (irregularity: Irregularity) => void = () => {},
): Promise<CheckResult> {
  const report = new IrregularityReport({ strict: options.strict, listener });
  const opened = await openDataset(path, options, { report });
  try {
    const { slots } = opened;
    const folder = await chooseImageFolder(opened.imageFolders, slots);
    if (folder !== null) {
      await measureImages(slots, folder, false, { report, concurrency: CONCURRENCY });
    }
    const source = await opened.settle();
    return {
      format: opened.format,
      counts: source.counts,
      categories: source.categories.length,
      irregularities: report.counts(),
    };
  } finally {
    opened.close();
  }
}
