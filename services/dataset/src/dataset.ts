import { randomUUID } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidArgumentError, NotFoundError } from '@deepstyle/platform';
import type { ServiceOutbox } from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import { BOX_CONVENTIONS } from './category.ts';
import { ANNOTATION_SETS } from './deepfashion/layout.ts';
import { FolderNotPermittedError } from './errors.ts';
import { permitFolders } from './images/image-folder.ts';
import { DATASET_SOURCES, describeFileError } from './open-dataset.ts';
import { type DatasetRecord, datasetsById } from './records/datasets.ts';
import {
  type ImportOptions,
  type ImportRecord,
  importByKey,
  insertImport,
} from './records/imports.ts';

export interface ImportPorts {
  readonly database: Database;
  readonly outbox: ServiceOutbox;
  readonly clock: () => Date;
  /** DATASET_FOLDERS. */
  readonly folders: readonly string[];
}

/** As the graph's ImportDatasetInput; what is left out takes its default. */
export interface ImportRequest {
  readonly idempotencyKey: string;
  readonly name: string;
  readonly folder: string;
  readonly format?: string | null;
  readonly strict?: boolean | null;
  readonly boxConvention?: string | null;
  readonly annotationSet?: string | null;
  readonly attributes?: boolean | null;
  readonly storeImages?: boolean | null;
  readonly sizes?: string | null;
  readonly images?: string | null;
}

export const IMPORT_JOB = 'dataset-import';

const MAX_TEXT = 200;

/** @throws NotFoundError */
export async function getDataset(database: Database, id: string): Promise<DatasetRecord> {
  const [found] = await database.transaction('dataset.getDataset', (tx) => datasetsById(tx, [id]));
  if (found === undefined) throw new NotFoundError('dataset', id);
  return found;
}

/**
 * Queues the import of a folder. A key that was used before returns that import, whatever else the request says.
 *
 * @throws InvalidArgumentError, FolderNotPermittedError, DatasetNotFoundError, DatasetUnreadableError
 */
export async function startImport(
  ports: ImportPorts,
  request: ImportRequest,
): Promise<ImportRecord> {
  const { database, outbox, clock } = ports;
  const idempotencyKey = bounded('idempotencyKey', request.idempotencyKey);
  const find = () =>
    database.transaction('dataset.importByKey', (tx) => importByKey(tx, idempotencyKey));
  const started = await find();
  if (started !== null) return started;
  const one = {
    id: randomUUID(),
    idempotencyKey,
    name: bounded('name', request.name),
    folder: await permittedPath('folder', request.folder, ports.folders),
    options: await optionsOf(request, ports.folders),
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
  const { sizes = null, images = null } = request;
  return {
    format: oneOf('format', request.format, DATASET_SOURCES),
    strict: request.strict ?? false,
    boxConvention: oneOf('boxConvention', request.boxConvention, BOX_CONVENTIONS) ?? 'exclusive',
    annotationSet: oneOf('annotationSet', request.annotationSet, ANNOTATION_SETS),
    attributes: request.attributes ?? true,
    storeImages: request.storeImages ?? true,
    sizes: sizes === null ? null : await permittedPath('sizes', sizes, folders),
    images: images === null ? null : await permittedPath('images', images, folders),
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

/** One of the values, in small or capital letters as enums of the graph are; null where nothing is said. */
function oneOf<V extends string>(
  field: string,
  said: string | null | undefined,
  values: readonly V[],
): V | null {
  if (said === null || said === undefined) return null;
  const value = values.find((each) => each === said.toLowerCase());
  if (value !== undefined) return value;
  throw new InvalidArgumentError(field, `must be one of ${values.join(', ')}, not "${said}"`);
}

function bounded(field: string, raw: string): string {
  const value = raw.trim();
  if (value !== '' && value.length <= MAX_TEXT) return value;
  throw new InvalidArgumentError(field, `must have 1 to ${MAX_TEXT} characters`);
}
