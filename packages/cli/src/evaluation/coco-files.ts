import { readFile } from 'node:fs/promises';
import { DeepStyleError } from '@deepstyle/platform';
import {
  type CocoDetection,
  CocoFormatError,
  type CocoTruth,
  readCoco,
  readCocoDetections,
} from '@deepstyle/vision';

/** A named file is not there or may not be read. */
export class FileUnreadableError extends DeepStyleError {
  constructor(option: string, path: string, cause: unknown) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      { ENOENT: 'does not exist', EISDIR: 'is a folder', EACCES: 'may not be read' }[code ?? ''] ??
      `cannot be read (${code ?? String(cause)})`;
    super({
      ...{ code: 'NOT_FOUND', reason: 'FILE_UNREADABLE', cause },
      message: `${option}: ${path} ${why}. Name a JSON file.`,
    });
  }
}

/** A named file holds something other than one JSON document. */
export class NotJsonError extends DeepStyleError {
  constructor(option: string, path: string, cause: unknown) {
    super({
      ...{ code: 'INVALID_ARGUMENT', reason: 'NOT_JSON', cause },
      message: `${option}: ${path} is not JSON: ${(cause as Error).message}.`,
    });
  }
}

/** A JSON document that is no COCO file of its kind. */
export class CocoFileRefusedError extends DeepStyleError {
  constructor(option: string, path: string, expected: string, cause: CocoFormatError) {
    super({
      ...{ code: 'INVALID_ARGUMENT', reason: 'COCO_FILE_REFUSED', cause },
      message: `${option}: ${path}: ${cause.message} Expected ${expected}.`,
    });
  }
}

const GROUND_TRUTH = 'a COCO file: {"images": [...], "categories": [...], "annotations": [...]}';
const RESULTS =
  'a COCO results list, [{"image_id", "category_id", "bbox": [left, top, width, height], "score"}, ...], ' +
  'whose images are those of --annotations';

/** @throws FileUnreadableError, NotJsonError, CocoFileRefusedError */
export async function readGroundTruth(path: string): Promise<CocoTruth> {
  const json = await readJson('--annotations', path);
  return refusing('--annotations', path, GROUND_TRUTH, () => readCoco(json));
}

/** @throws FileUnreadableError, NotJsonError, CocoFileRefusedError */
export async function readDetections(path: string, dataset: CocoTruth): Promise<CocoDetection[]> {
  const json = await readJson('--results', path);
  return refusing('--results', path, RESULTS, () => readCocoDetections(json, dataset));
}

async function readJson(option: string, path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new FileUnreadableError(option, path, error);
  });
  try {
    // Files written on Windows may begin with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new NotJsonError(option, path, error);
  }
}

function refusing<T>(option: string, path: string, expected: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CocoFormatError)) throw error;
    throw new CocoFileRefusedError(option, path, expected, error);
  }
}
