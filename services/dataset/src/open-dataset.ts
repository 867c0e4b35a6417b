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
import { createImageFolder, type ImageFolder } from './images/image-folder.ts';
import { refuseLinksOutside } from './lists/links.ts';
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
  readonly isPermitted: (realPath: string) => boolean;
}

export const DEFAULT_OPEN_OPTIONS: OpenOptions = {
  format: null,
  boxConvention: 'exclusive',
  annotationSet: null,
  attributes: true,
  sizes: null,
  images: null,
  isPermitted: () => true,
};

/** A dataset whose images are known; its sizes may be filled in before it is settled. */
export interface OpenedDataset {
  readonly format: DatasetSourceFormat;
  readonly slots: ImageSlots;
  /** Folders where its images may be, the likeliest first. */
  readonly imageFolders: readonly ImageFolder[];
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
  const { images } = opened.layout;
  return {
    format: 'deepfashion',
    slots: opened.slots,
    imageFolders: foldersOf(options, path, images === null ? [] : [images]),
    settle: async () => opened.settle(),
    close: () => {},
  };
}

async function openFiles(
  path: string,
  options: OpenOptions,
  reading: ListReading,
): Promise<OpenedDataset> {
  const { files, folder, imageFolders } = await findCoco(path);
  // A file that the person names may lie anywhere; others lie where its folder says.
  if (folder === path) await refuseLinksOutside(files, folder);
  const opened = await openCoco(files, reading);
  return {
    format: 'coco',
    slots: opened.slots,
    imageFolders: foldersOf(options, folder, imageFolders),
    settle: () => opened.settle(),
    close: () => opened.close(),
  };
}

/** Images may lie in the folder that the person names for them, else below that of the dataset. */
function foldersOf(
  { images, isPermitted }: OpenOptions,
  root: string,
  usual: readonly string[],
): ImageFolder[] {
  return images === null
    ? usual.map((folder) => createImageFolder(folder, root, isPermitted))
    : [createImageFolder(images, images, isPermitted)];
}

/** A failure of the file system as one that says what to do; anything else as it is. */
export function describeFileError(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new DatasetNotFoundError(path);
  return new DatasetUnreadableError(path, error);
}
