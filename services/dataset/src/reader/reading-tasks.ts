import type { ObjectReference } from '@deepstyle/storage';
import { encodeDataset } from '../dataset-file.ts';
import type { ImageSlots, SeenImage } from '../image-slots.ts';
import type { IrregularityCount } from '../irregularities.ts';
import { IrregularityReport } from '../irregularity-report.ts';
import {
  describeFileError,
  type OpenedDataset,
  type OpenOptions,
  openDataset,
} from '../open-dataset.ts';

/** What is told before a task ends. */
export type ReadingNote =
  | {
      readonly kind: 'progress';
      readonly what: string;
      readonly done: number;
      readonly of: number | null;
    }
  /** Those since it was told last; also before a task fails. */
  | { readonly kind: 'irregularities'; readonly counts: readonly IrregularityCount[] };

/** An image that may be looked at on the disk. */
export interface ImageRow {
  readonly fileName: string;
  readonly group: number;
  readonly size: readonly [number, number] | null;
  readonly id: number;
  readonly origin: { readonly file: string; readonly line: number };
}

interface OpenRequest {
  readonly folder: string;
  readonly options: Omit<OpenOptions, 'isPermitted'> & { readonly strict: boolean };
}

/** What became of the images from place `from` on. */
interface SeenRows {
  readonly from: number;
  /** By their place from there. */
  readonly seen: ReadonlyMap<number, SeenImage>;
  /** By id. */
  readonly stored: ReadonlyMap<number, ObjectReference>;
}

interface Reading {
  readonly folder: string;
  readonly report: IrregularityReport;
  readonly opened: OpenedDataset;
  readonly stored: Map<number, ObjectReference>;
}

type Tell = (note: ReadingNote) => void;

export type ReadingTasks = ReturnType<typeof createReadingTasks>;

/**
 * Reads the lists of one dataset: `open`, then `images` and `seeImages` for some images at a time, then `encode`.
 *
 * @throws what openDataset throws
 */
export function createReadingTasks(tell: Tell) {
  let current: Reading | null = null;
  const reading = (): Reading => {
    if (current === null) throw new Error('no dataset is open');
    return current;
  };
  return {
    open: async ({ folder, options }: OpenRequest) => {
      const report = new IrregularityReport({ strict: options.strict });
      const opened = await telling(tell, report, folder, () =>
        openDataset(
          folder,
          // Whoever reads the images asks whether that is permitted.
          { ...options, isPermitted: () => true },
          { report, onProgress: (list, rows) => progress(tell, `reading ${list}`, rows, null) },
        ),
      );
      current = { folder, report, opened, stored: new Map() };
      const { format, slots, places } = opened;
      return { format, images: slots.count, places };
    },
    images: ({ from, to }: { readonly from: number; readonly to: number }) =>
      imageRows(reading().opened.slots, from, to),
    seeImages: ({ from, seen, stored }: SeenRows): void => {
      const { opened, stored: all } = reading();
      for (const [at, image] of seen) opened.slots.see(from + at, image);
      for (const [id, object] of stored) all.set(id, object);
    },
    encode: () => {
      const { folder, report, opened, stored } = reading();
      return telling(tell, report, folder, async () => {
        const source = await opened.settle();
        const { boxConvention, categories, counts } = source;
        const file = await encodeDataset(source, stored, (done) =>
          progress(tell, 'writing annotations', done, counts.images),
        );
        return { file, boxConvention, categories, counts };
      });
    },
  };
}

function imageRows(slots: ImageSlots, from: number, to: number): ImageRow[] {
  return Array.from({ length: Math.min(to, slots.count) - from }, (_, at) => {
    const place = from + at;
    const { file, line } = slots.origin(place);
    return {
      fileName: slots.fileName(place),
      group: slots.group(place),
      size: slots.size(place),
      id: slots.id(place),
      origin: { file, line },
    };
  });
}

function progress(tell: Tell, what: string, done: number, of: number | null): void {
  tell({ kind: 'progress', what, done, of });
}

async function telling<T>(
  tell: Tell,
  report: IrregularityReport,
  folder: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw describeFileError(error, folder);
  } finally {
    tell({ kind: 'irregularities', counts: report.take() });
  }
}
