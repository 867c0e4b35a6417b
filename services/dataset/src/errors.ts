import { DeepStyleError } from '@deepstyle/platform';
import type { Irregularity } from './irregularities.ts';

/** Neither a DeepFashion folder nor COCO annotations. */
export class UnknownDatasetFormatError extends DeepStyleError {
  constructor(path: string, problem: string) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'UNKNOWN_DATASET_FORMAT',
      message: `${path} is no dataset that can be read: ${problem} Give a DeepFashion folder (Anno/, Eval/, Img/), a COCO file, or a folder with COCO files.`,
    });
  }
}

export class DatasetNotFoundError extends DeepStyleError {
  constructor(path: string) {
    super({
      code: 'NOT_FOUND',
      reason: 'FOLDER_NOT_FOUND',
      message: `There is no file or folder ${path}. Check the path; a relative one is counted from where the service was started.`,
    });
  }
}

export class DatasetUnreadableError extends DeepStyleError {
  constructor(path: string, cause: unknown) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DATASET_UNREADABLE',
      message: `${path} cannot be read (${code}). Check its permissions and the disk.`,
      cause,
    });
  }
}

/** A file of a dataset that is not opened, or not followed. */
export class DatasetFileRefusedError extends DeepStyleError {
  constructor(path: string, problem: string) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'DATASET_FILE_REFUSED',
      message: `${path} is not read: ${problem}. Put a copy of the file into the dataset's folder.`,
    });
  }
}

export class FolderNotPermittedError extends DeepStyleError {
  constructor(path: string) {
    super({
      code: 'PERMISSION_DENIED',
      reason: 'FOLDER_NOT_PERMITTED',
      message: `${path} is not in a folder that datasets may be imported from. Whoever runs the service allows folders with DATASET_FOLDERS.`,
    });
  }
}

/** Strict mode met its first irregularity. */
export class IrregularDatasetError extends DeepStyleError {
  readonly irregularity: Irregularity;

  constructor(irregularity: Irregularity) {
    const { code, file, line, detail } = irregularity;
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DATASET_IRREGULAR',
      message: `${file}${line === null ? '' : `:${line}`} is irregular (${code}): ${detail} Mend it, or import without strict mode.`,
    });
    this.irregularity = irregularity;
  }
}

export class LineTooLongError extends DeepStyleError {
  constructor(path: string, line: number) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'LINE_TOO_LONG',
      message: `Line ${line} of ${path} has more than 4 MiB; this is no list of images. Check that it is the right file.`,
    });
  }
}

/** The lists of a dataset take more than they may. */
export class ListsTooCostlyError extends DeepStyleError {
  constructor(path: string, problem: string, cause: unknown) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'TOO_COSTLY',
      message: `The lists of ${path} cost too much. ${problem} Check that they are what they should be; whoever runs the service sets the limits with DATASET_LIST_MEMORY_MB and DATASET_LIST_SECONDS.`,
      cause,
    });
  }
}

/** A COCO file is no JSON. */
export class JsonSyntaxError extends DeepStyleError {
  constructor(file: string, line: number, problem: string) {
    super({
      code: 'INVALID_ARGUMENT',
      reason: 'JSON_SYNTAX',
      message: `${file}:${line} is no JSON: ${problem}. Write the file again with the tool that made it.`,
    });
  }
}

/** After all that is irregular was left out, nothing is left. */
export class EmptyDatasetError extends DeepStyleError {
  constructor(path: string, why: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DATASET_EMPTY',
      message: `${path} holds no usable image${why === '' ? '' : `: ${why}`}. Run "deepstyle dataset check" on it to see all that is wrong.`,
    });
  }
}

/** The process stops during an import; the next start goes on with it. */
export class ImportInterruptedError extends DeepStyleError {
  constructor(importId: string) {
    super({
      code: 'CANCELLED',
      reason: 'IMPORT_INTERRUPTED',
      message: `Import ${importId} was interrupted; it goes on at the next start.`,
    });
  }
}

/** The stored annotations are not what they were written as. */
export class DatasetFileError extends DeepStyleError {
  constructor(problem: string, cause?: unknown) {
    super({
      code: 'DATA_LOSS',
      reason: 'DATASET_FILE_INVALID',
      message: `The stored annotations cannot be read: ${problem}. Import the dataset again.`,
      cause,
    });
  }
}
