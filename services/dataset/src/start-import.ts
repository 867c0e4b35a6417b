import { randomUUID } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidArgumentError } from '@deepstyle/platform';
import { FolderNotPermittedError } from './errors.ts';
import type { ImportDatasetInput } from './gen/graph.ts';
import { permitFolders } from './images/permit-folders.ts';
import { describeFileError } from './open-dataset.ts';
import type { Ports } from './ports.ts';
import { type ImportOptions, type ImportRecord, importByKey, insertImport } from './records.ts';

/** What is left out takes its default. */
export type ImportRequest = ImportDatasetInput;

export const IMPORT_JOB = 'dataset-import';

const MAX_TEXT = 200;

/** @throws InvalidArgumentError, FolderNotPermittedError, DatasetNotFoundError, DatasetUnreadableError */
export async function startImport(
  ports: Pick<Ports, 'database' | 'outbox' | 'settings' | 'clock'>,
  request: ImportRequest,
): Promise<ImportRecord> {
  const { database, outbox, clock, settings } = ports;
  const idempotencyKey = bounded('idempotencyKey', request.idempotencyKey);
  const find = () =>
    database.transaction('dataset.importByKey', (tx) => importByKey(tx, idempotencyKey));
  const started = await find();
  if (started !== null) return started;
  const one = {
    id: randomUUID(),
    idempotencyKey,
    name: bounded('name', request.name),
    folder: await permittedPath('folder', request.folder, settings.folders),
    options: await optionsOf(request, settings.folders),
    createdAt: clock(),
  };
  await database.transaction('dataset.startImport', async (tx) => {
    if (await insertImport(tx, one)) {
      await outbox.enqueue(tx, IMPORT_JOB, { importId: one.id }, `dataset-import:${one.id}`);
    }
  });
  // Of two requests with one key at the same time, both get the import of the one that came first.
  return (await find()) as ImportRecord;
}

async function optionsOf(
  request: ImportRequest,
  folders: readonly string[],
): Promise<ImportOptions> {
  const { format, boxConvention, annotationSet, pixels } = request;
  const { sizes = null, images = null } = request;
  return {
    format: format ? wordOf(format) : null,
    strict: request.strict ?? false,
    boxConvention: boxConvention ? wordOf(boxConvention) : 'exclusive',
    annotationSet: annotationSet ? wordOf(annotationSet) : null,
    attributes: request.attributes ?? true,
    storeImages: request.storeImages ?? true,
    sizes: sizes === null ? null : await permittedPath('sizes', sizes, folders),
    images: images === null ? null : await permittedPath('images', images, folders),
    pixels: pixels ? wordOf(pixels) : null,
  };
}

/** The path with its links resolved, where DATASET_FOLDERS permit it. */
async function permittedPath(
  field: string,
  path: string,
  folders: readonly string[],
): Promise<string> {
  if (path.trim() === '') throw new InvalidArgumentError(field, 'must not be empty');
  const isPermitted = permitFolders(folders);
  // Before the look at the disk: a refusal must not tell whether the path exists.
  if (!isPermitted(resolve(path))) throw new FolderNotPermittedError(path);
  try {
    const real = await realpath(path);
    await stat(real);
    const roots = await Promise.all(folders.map((root) => realpath(root).catch(() => root)));
    if (permitFolders(roots)(real)) return real;
  } catch (error) {
    throw describeFileError(error, path);
  }
  throw new FolderNotPermittedError(path);
}

/** The word for an enum value of the graph. */
function wordOf<T extends string>(value: T): Lowercase<T> {
  return value.toLowerCase() as Lowercase<T>;
}

function bounded(field: string, raw: string): string {
  const value = raw.trim();
  if (value !== '' && value.length <= MAX_TEXT) return value;
  throw new InvalidArgumentError(field, `must have 1 to ${MAX_TEXT} characters`);
}
