import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { BoxConvention } from './category.ts';
import { findCoco } from './coco/coco-files.ts';
import { openCoco } from './coco/open-coco.ts';
import type { DatasetSource } from './dataset-source.ts';
import { type AnnotationSet, isDeepFashion } from './deepfashion/layout.ts';
import { openDeepFashion } from './deepfashion/open-deepfashion.ts';
import { DatasetNotFoundError, DatasetUnreadableError } from './errors.ts';
import type { ImageSlots } from './image-slots.ts';
import type { ImagePlaces } from './images/image-places.ts';
import type { PixelFrame } from './images/pixel-frames.ts';
import type { ListReading } from './lists/list-file.ts';

export type DatasetSourceFormat = 'deepfashion' | 'coco';

/** How a folder or file is read as a dataset. */
export interface OpenOptions {
  /** Null: DeepFashion where the folder has its lists, else COCO. */
  readonly format: DatasetSourceFormat | null;
  /** Of DeepFashion's corners; COCO says widths itself. */
  readonly boxConvention: BoxConvention;
  readonly annotationSet: AnnotationSet | null;
  readonly attributes: boolean;
  /** Path of a list of image name, width, height; null: none, or that of the folder. */
  readonly sizes: string | null;
  /** Folder below which image names lie; null: where they usually are. */
  readonly images: string | null;
  /** In which pixels boxes count where EXIF turns an image; null: found out. Imports of earlier versions have none. */
  readonly pixels?: PixelFrame | null;
  readonly isPermitted: (realPath: string) => boolean;
}

export const DEFAULT_OPEN_OPTIONS: OpenOptions = {
  format: null,
  boxConvention: 'exclusive',
  annotationSet: null,
  attributes: true,
  sizes: null,
  images: null,
  pixels: null,
  isPermitted: () => true,
};

/** A dataset whose images are known; its sizes may be filled in before it is settled. */
export interface OpenedDataset {
  readonly format: DatasetSourceFormat;
  readonly slots: ImageSlots;
  /** Where its images may be. */
  readonly places: ImagePlaces;
  settle(): Promise<DatasetSource>;
  close(): void;
}

/**
 * Opens a DeepFashion folder, a COCO file or a folder of COCO files.
 *
 * @throws DatasetNotFoundError, DatasetUnreadableError, UnknownDatasetFormatError, JsonSyntaxError, LineTooLongError;
 *   IrregularDatasetError in strict mode; the signal's reason
 */
export async function openDataset(
  path: string,
  options: OpenOptions,
  reading: ListReading,
): Promise<OpenedDataset> {
  try {
    const isFolder = (await stat(path)).isDirectory();
    const format =
      options.format ?? (isFolder && (await isDeepFashion(path)) ? 'deepfashion' : 'coco');
    return format === 'deepfashion'
      ? await openFolder(path, options, reading)
      : await openFiles(path, options, reading);
  } catch (error) {
    throw describeFileError(error, path);
  }
}

async function openFolder(
  path: string,
  options: OpenOptions,
  reading: ListReading,
): Promise<OpenedDataset> {
  const { annotationSet: set, boxConvention, attributes } = options;
  const sizes =
    options.sizes === null ? null : { path: options.sizes, name: basename(options.sizes) };
  const opened = await openDeepFashion(path, { set, boxConvention, attributes, sizes }, reading);
  return {
    format: 'deepfashion',
    slots: opened.slots,
    places: opened.places(options.images),
    settle: async () => opened.settle(options.pixels ?? null),
    close: () => {},
  };
}

async function openFiles(
  path: string,
  { images, pixels = null }: OpenOptions,
  reading: ListReading,
): Promise<OpenedDataset> {
  const opened = await openCoco(await findCoco(path), { images, pixels }, reading);
  return { format: 'coco', ...opened };
}

/** A failure of the file system as one that says what to do; anything else as it is. */
export function describeFileError(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new DatasetNotFoundError(path);
  return new DatasetUnreadableError(path, error);
}
