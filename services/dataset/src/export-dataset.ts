import { writeWholeFile } from './byte-sink.ts';
import type { Split } from './category.ts';
import { type CocoContent, writeCoco } from './coco/write-coco.ts';
import { readDataset } from './dataset-file.ts';
import type { ImageSlots } from './image-slots.ts';
import { findImages } from './images/image-finder.ts';
import { measureImages } from './images/read-images.ts';
import type { IrregularityCount } from './irregularities.ts';
import { IrregularityReport } from './irregularity-report.ts';
import { type OpenOptions, openDataset } from './open-dataset.ts';

export interface ExportResult {
  readonly images: number;
  readonly annotations: number;
  readonly bytes: number;
  /** What was irregular in the folder, which is left out or repaired; empty for a stored dataset. */
  readonly irregularities: readonly IrregularityCount[];
}

export interface ExportTarget {
  /** The COCO file to be written. */
  readonly output: string;
  /** One split only; null: all of them in one file. */
  readonly split: Split | null;
}

const CONCURRENCY = 4;

/**
 * Writes a folder as one COCO file, without importing it. Image headers are read only where no list tells a size.
 *
 * @throws what openDataset throws, IrregularDatasetError in strict mode, what the file system throws
 */
export async function exportFolder(
  path: string,
  options: OpenOptions & { readonly strict: boolean; readonly name: string },
  target: ExportTarget,
): Promise<ExportResult> {
  const report = new IrregularityReport({ strict: options.strict });
  const opened = await openDataset(path, options, { report });
  try {
    const { slots } = opened;
    const finder = hasUnsized(slots) ? await findImages(opened.places, options.isPermitted) : null;
    if (finder !== null) {
      await measureImages(slots, finder, { report, concurrency: CONCURRENCY });
    }
    const source = await opened.settle();
    const content: CocoContent = {
      ...source,
      name: options.name,
      version: null,
      batches: async function* () {
        yield source.images();
      },
    };
    return { ...(await writeContent(content, target)), irregularities: report.counts() };
  } finally {
    opened.close();
  }
}

function hasUnsized(slots: ImageSlots): boolean {
  for (let place = 0; place < slots.count; place += 1) if (slots.size(place) === null) return true;
  return false;
}

/**
 * Writes a stored dataset as a COCO file. `open` gives its stored bytes anew each time.
 *
 * @throws DatasetFileError, what the file system throws
 */
export async function exportStored(
  dataset: { readonly id: string; readonly name: string },
  open: () => Promise<ReadableStream<Uint8Array>>,
  target: ExportTarget,
): Promise<ExportResult> {
  const { header, batches } = await readDataset(open);
  const content: CocoContent = {
    name: dataset.name,
    version: dataset.id,
    boxConvention: header.box_convention,
    categories: header.categories,
    attributes: header.attributes,
    keypoints: header.keypoints,
    batches,
  };
  return { ...(await writeContent(content, target)), irregularities: [] };
}

async function writeContent(
  content: CocoContent,
  { output, split }: ExportTarget,
): Promise<Omit<ExportResult, 'irregularities'>> {
  let counts = { images: 0, annotations: 0 };
  const bytes = await writeWholeFile(output, async (sink) => {
    counts = await writeCoco(content, split, sink);
  });
  return { ...counts, bytes };
}
