import type { AnnotatedImage, DatasetSource } from '../src/dataset-source.ts';
import { findImages } from '../src/images/image-finder.ts';
import { checkImages } from '../src/images/read-images.ts';
import type { Irregularity } from '../src/irregularities.ts';
import { IrregularityReport } from '../src/irregularity-report.ts';
import {
  DEFAULT_OPEN_OPTIONS,
  type OpenedDataset,
  type OpenOptions,
  openDataset,
} from '../src/open-dataset.ts';
import { LISTS, type ListName, type TestFolder, writeLists } from './drawn-deepfashion.ts';

/** What is found in lists whose images are not on the disk. */
export const NO_IMAGES = 'FILE_MISSING Img:null';

type ReadOptions = Partial<OpenOptions> & { readonly strict?: boolean };

export interface ReadFolder {
  readonly source: Omit<DatasetSource, 'images'>;
  readonly images: readonly AnnotatedImage[];
  readonly irregularities: readonly Irregularity[];
  /** `CODE file:line` of each. */
  readonly found: readonly string[];
}

/** A dataset as an import reads it, with its images on the disk. */
export function readOnDisk(path: string, options: ReadOptions = {}): Promise<ReadFolder> {
  return read(path, options, async (opened, report) => {
    const finder = await findImages(opened.places, () => true);
    if (finder === null) return;
    await checkImages(opened.slots, finder, false, { report, concurrency: 2 });
  });
}

/** A dataset as an import reads it, without its images on the disk. */
export function readAll(path: string, options: ReadOptions = {}): Promise<ReadFolder> {
  return read(path, options, async () => {});
}

async function read(
  path: string,
  options: ReadOptions,
  look: (opened: OpenedDataset, report: IrregularityReport) => Promise<void>,
): Promise<ReadFolder> {
  const irregularities: Irregularity[] = [];
  const report = new IrregularityReport({
    strict: options.strict ?? false,
    listener: (irregularity) => irregularities.push(irregularity),
  });
  const opened = await openDataset(path, { ...DEFAULT_OPEN_OPTIONS, ...options }, { report });
  try {
    await look(opened, report);
    const { images, ...source } = await opened.settle();
    return {
      source,
      // Rows of a table are read through it: plain copies compare by value.
      images: [...images()].map(({ id, file_name, width, height, split, annotations }) => ({
        id,
        file_name,
        width,
        height,
        split,
        annotations,
      })),
      irregularities,
      found: irregularities.map(({ code, file, line }) => `${code} ${file}:${line}`),
    };
  } finally {
    opened.close();
  }
}

/** Reads the lists with one text replaced in one of them; that their images are missing is left out. */
export async function readWith(
  folder: TestFolder,
  list: ListName,
  from: string,
  to: string,
  options: ReadOptions = {},
): Promise<ReadFolder> {
  if (!LISTS[list].includes(from)) throw new Error(`${list} has no ${from}`);
  writeLists(folder, { [list]: LISTS[list].replace(from, to) });
  const all = await readAll(folder.path, options);
  return { ...all, found: all.found.filter((each) => each !== NO_IMAGES) };
}
