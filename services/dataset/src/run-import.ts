import { printable } from '@deepstyle/contracts/request-rules';
import { DeepStyleError } from '@deepstyle/platform';
import { keepObjects, type ObjectReference } from '@deepstyle/storage';
import { encodeDataset } from './dataset-file.ts';
import type { DatasetSource } from './dataset-source.ts';
import { EmptyDatasetError } from './errors.ts';
import { chooseImageFolder, permitFolders } from './images/image-folder.ts';
import { measureImages, storeImages } from './images/read-images.ts';
import { ImportProgressNotes } from './import-progress.ts';
import type { IrregularityCount } from './irregularities.ts';
import { IrregularityReport } from './irregularity-report.ts';
import { describeFileError, type OpenedDataset, openDataset } from './open-dataset.ts';
import type { Ports } from './ports.ts';
import {
  closeImport,
  type DatasetRecord,
  type ImportRecord,
  importById,
  saveDataset,
} from './records.ts';

type ImportPorts = Pick<Ports, 'settings' | 'logger' | 'database' | 'objects' | 'outbox' | 'clock'>;

const ANNOTATIONS_TYPE = 'application/gzip';

/**
 * Imports a folder: reads its annotations, stores its images and the annotations, then records the dataset and announces
 * it. Doing it again does no harm: everything is stored under the hash of its content.
 *
 * @throws what the stores throw, and the signal's reason; where the folder itself is at fault, the import ends as failed
 */
export async function runImport(
  ports: ImportPorts,
  importId: string,
  signal: AbortSignal,
): Promise<void> {
  const one = await ports.database.transaction('dataset.importById', (tx) =>
    importById(tx, importId),
  );
  if (one === null || one.state === 'DONE' || one.state === 'FAILED') return;
  const report = new IrregularityReport({ strict: one.options.strict });
  const notes = new ImportProgressNotes(ports, importId);
  try {
    const { dataset, source } = await readAndStore(one, ports, { report, notes, signal });
    await notes.settle();
    await recordDataset(ports, importId, dataset, source, report.counts());
  } catch (thrown) {
    await notes.settle();
    const error = describeFileError(thrown, one.folder);
    if (signal.aborted || !(error instanceof DeepStyleError) || error.retryable) throw error;
    await failImport(ports, importId, error, report.counts());
  }
}

/** Ends an import as failed. */
export async function failImport(
  { database, clock, logger }: Pick<ImportPorts, 'database' | 'clock' | 'logger'>,
  importId: string,
  thrown: unknown,
  irregularities: readonly IrregularityCount[],
): Promise<void> {
  logger.warn({ importId, error: thrown }, 'an import failed');
  // It may repeat a part of the file.
  const detail = printable(DeepStyleError.from(thrown).message);
  const outcome = { datasetId: null, detail, images: 0, irregularities };
  await database.transaction('dataset.failImport', (tx) =>
    closeImport(tx, importId, outcome, clock()),
  );
}

interface Work {
  readonly report: IrregularityReport;
  readonly notes: ImportProgressNotes;
  readonly signal: AbortSignal;
}

async function readAndStore(
  one: ImportRecord,
  ports: ImportPorts,
  work: Work,
): Promise<{ dataset: DatasetRecord; source: DatasetSource }> {
  const { report, notes, signal } = work;
  const isPermitted = permitFolders(ports.settings.folders);
  const opened = await openDataset(
    one.folder,
    { ...one.options, isPermitted },
    { report, signal, onProgress: (list, rows) => notes.note(`reading ${list}`, rows, null) },
  );
  try {
    const stored = await takeImages(opened, one, ports, work);
    const source = await opened.settle();
    if (source.counts.images === 0) throw new EmptyDatasetError(one.folder, mainReason(report));
    const { images } = source.counts;
    const file = await encodeDataset(source, stored, (done) => {
      signal.throwIfAborted();
      notes.note('writing annotations', done, images);
    });
    const key = `datasets/${file.id.slice(0, 2)}/${file.id}.ndjson.gz`;
    const annotationsObject = await ports.objects.put(key, file.bytes, ANNOTATIONS_TYPE);
    const dataset: DatasetRecord = {
      id: file.id,
      name: one.name,
      images,
      annotations: source.counts.annotations,
      createdAt: ports.clock(),
      source: opened.format,
      boxConvention: source.boxConvention,
      splits: source.counts.splits,
      storedImages: stored.size,
      annotationsObject,
      categories: source.categories,
    };
    return { dataset, source };
  } finally {
    opened.close();
  }
}

/** Stores the images that are there, or reads the sizes that the annotations do not say. */
async function takeImages(
  opened: OpenedDataset,
  one: ImportRecord,
  ports: ImportPorts,
  { report, notes, signal }: Work,
): Promise<ReadonlyMap<number, ObjectReference>> {
  const { slots } = opened;
  const folder = await chooseImageFolder(opened.imageFolders, slots);
  if (folder === null) return new Map();
  const { concurrency } = ports.settings;
  const onProgress = (done: number, of: number) => notes.note('reading images', done, of);
  const reading = { report, signal, concurrency, onProgress };
  if (one.options.storeImages) return storeImages(slots, folder, ports.objects, reading);
  await measureImages(slots, folder, reading);
  return new Map();
}

function mainReason(report: IrregularityReport): string {
  const dropped = report.counts().find(({ effect }) => effect === 'dropped');
  return dropped === undefined
    ? ''
    : `${dropped.meaning} (${dropped.code}, ${dropped.count} times)`;
}

async function recordDataset(
  { database, outbox, clock }: ImportPorts,
  importId: string,
  dataset: DatasetRecord,
  source: DatasetSource,
  irregularities: readonly IrregularityCount[],
): Promise<void> {
  const { id, name, images, annotations, splits, annotationsObject } = dataset;
  await database.transaction('dataset.recordDataset', async (tx) => {
    await keepObjects(tx, [annotationsObject.key]);
    await saveDataset(tx, dataset);
    await closeImport(
      tx,
      importId,
      { datasetId: id, detail: null, images, irregularities },
      clock(),
    );
    const categories = [...source.categories];
    await outbox.publish(
      tx,
      'deepstyle.dataset.ready.v1',
      { datasetId: id, name, images, annotations, splits, categories, annotationsObject },
      `dataset.ready:${id}`,
    );
  });
}
