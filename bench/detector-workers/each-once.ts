import type { PhotoReference, RunReference } from '@deepstyle/contracts';
import { detectionsByModel, runsById } from '../../services/detector/src/records.ts';
import type { Stores } from './stores.ts';

export interface Work {
  readonly run: RunReference;
  readonly photos: readonly PhotoReference[];
  /** SHA-256 of each image that a network was given, of all workers. */
  readonly looked: readonly string[];
  /** Announcements of each photograph by its id. */
  readonly detected: ReadonlyMap<string, number>;
}

/**
 * Holds what the networks were given, the records and the announcements against each other.
 *
 * @throws where they do not say that each photograph was looked at, recorded and announced exactly once
 */
export async function checkEachOnce(work: Work, { database }: Stores): Promise<void> {
  const { run, photos, looked, detected } = work;
  const ids = photos.map(({ id }) => id);
  const [record, found] = await database.transaction('bench.records', async (tx) => [
    (await runsById(tx, [run.id]))[0],
    await detectionsByModel(tx, run.detector, ids),
  ]);
  const counts = {
    photographs: new Set(ids).size,
    // The images of different photographs differ, so as many images as photographs, all different, are one of each.
    'images given to networks': looked.length,
    'different images': new Set(looked).size,
    'records of detections': found.length,
    'photographs of the run done': record?.done ?? 0,
    'photographs announced': detected.size,
    announcements: [...detected.values()].reduce((sum, count) => sum + count, 0),
  };
  const isOnce = Object.values(counts).every((count) => count === photos.length);
  if (isOnce && record?.failed === 0) return;
  throw new Error(
    `Not each of ${photos.length} photographs was detected once: ${JSON.stringify(counts)}`,
  );
}
