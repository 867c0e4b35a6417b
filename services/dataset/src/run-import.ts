import { printable } from '@deepstyle/contracts/request-rules';
import { DeepStyleError, type TaskOutput } from '@deepstyle/platform';
import { keepObjects, type ObjectReference } from '@deepstyle/storage';
import { EmptyDatasetError } from './errors.ts';
import type { ImageSlots, SeenImage } from './image-slots.ts';
import { findImages } from './images/image-finder.ts';
import { permitFolders } from './images/permit-folders.ts';
import { measureImages, storeImages } from './images/read-images.ts';
import { ImportProgressNotes } from './import-progress.ts';
import type { IrregularityCount } from './irregularities.ts';
import { IrregularityReport } from './irregularity-report.ts';
import { describeFileError } from './open-dataset.ts';
import type { Ports } from './ports.ts';
import { createDatasetReader, type DatasetReader } from './reader/dataset-reader.ts';
import type { ImageRow, ReadingTasks } from './reader/reading-tasks.ts';
import {
  closeImport,
  type DatasetRecord,
  type ImportRecord,
  importById,
  saveDataset,
} from './records.ts';

type ImportPorts = Pick<Ports, 'settings' | 'logger' | 'database' | 'objects' | 'outbox' | 'clock'>;

const ANNOTATIONS_TYPE = 'application/gzip';
/** They are asked of the reader and told to it together. */
const IMAGES_AT_ONCE = 1024;

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
  const reader = createDatasetReader(one.folder, ports.settings, (note) => {
    if (note.kind === 'irregularities') report.absorb(note.counts);
    else notes.note(note.what, note.done, note.of);
  });
  const stop = () => void reader.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const dataset = await readAndStore(one, ports, { reader, report, notes, signal });
    await notes.settle();
    await recordDataset(ports, importId, dataset, report.counts());
  } catch (thrown) {
    await notes.settle();
    const error = describeFileError(thrown, one.folder);
    if (signal.aborted || !(error instanceof DeepStyleError) || error.retryable) throw error;
    await failImport(ports, importId, error, report.counts());
  } finally {
    signal.removeEventListener('abort', stop);
    await reader.close();
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
  readonly reader: DatasetReader;
  readonly report: IrregularityReport;
  readonly notes: ImportProgressNotes;
  readonly signal: AbortSignal;
}

/** Text is read and written on a thread; images and their bytes are none of its. */
async function readAndStore(
  one: ImportRecord,
  ports: ImportPorts,
  work: Work,
): Promise<DatasetRecord> {
  const { reader, report } = work;
  const { folder, options } = one;
  const opened = await reader.run('open', { folder, options });
  const storedImages = await takeImages(opened, one, ports, work);
  const { file, boxConvention, categories, counts } = await reader.run('encode', undefined);
  const { images, annotations, splits } = counts;
  if (images === 0) throw new EmptyDatasetError(folder, mainReason(report));
  const key = `datasets/${file.id.slice(0, 2)}/${file.id}.ndjson.gz`;
  const annotationsObject = await ports.objects.put(key, file.bytes, ANNOTATIONS_TYPE);
  return {
    id: file.id,
    name: one.name,
    images,
    annotations,
    createdAt: ports.clock(),
    source: opened.format,
    boxConvention,
    splits,
    storedImages,
    annotationsObject,
    categories,
  };
}

/**
 * Stores the images that are there, or reads the sizes that the annotations do not say.
 *
 * @returns how many are stored
 */
async function takeImages(
  { images, places }: TaskOutput<ReadingTasks, 'open'>,
  { options }: ImportRecord,
  { settings, objects }: ImportPorts,
  { reader, report, notes, signal }: Work,
): Promise<number> {
  const finder = await findImages(places, permitFolders(settings.folders));
  let stored = 0;
  for (let from = 0; finder !== null && from < images; from += IMAGES_AT_ONCE) {
    const { slots, seen } = slotsOf(
      await reader.run('images', { from, to: from + IMAGES_AT_ONCE }),
    );
    const reading = {
      report,
      signal,
      concurrency: settings.concurrency,
      onProgress: (done: number) => notes.note('reading images', from + done, images),
    };
    let found: ReadonlyMap<number, ObjectReference> = new Map();
    if (options.storeImages) found = await storeImages(slots, finder, objects, reading);
    else await measureImages(slots, finder, reading);
    await reader.run('seeImages', { from, seen, stored: found });
    stored += found.size;
  }
  return stored;
}

/** Images by their place in these rows, and what is seen of them. */
function slotsOf(rows: readonly ImageRow[]) {
  const at = (place: number) => rows[place] as ImageRow;
  const seen = new Map<number, SeenImage>();
  const slots: ImageSlots = {
    count: rows.length,
    fileName: (place) => at(place).fileName,
    group: (place) => at(place).group,
    size: (place) => at(place).size,
    see: (place, image) => void seen.set(place, image),
    id: (place) => at(place).id,
    origin: (place) => at(place).origin,
  };
  return { slots, seen };
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
  irregularities: readonly IrregularityCount[],
): Promise<void> {
  const { id, name, images, annotations, splits, annotationsObject, categories } = dataset;
  await database.transaction('dataset.recordDataset', async (tx) => {
    await keepObjects(tx, [annotationsObject.key]);
    await saveDataset(tx, dataset);
    await closeImport(
      tx,
      importId,
      { datasetId: id, detail: null, images, irregularities },
      clock(),
    );
    await outbox.publish(
      tx,
      'deepstyle.dataset.ready.v1',
      {
        datasetId: id,
        name,
        images,
        annotations,
        splits,
        categories: [...categories],
        annotationsObject,
      },
      `dataset.ready:${id}`,
    );
  });
}
