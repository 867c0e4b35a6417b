import { NotFoundError } from '@deepstyle/platform';
import type { Database } from '@deepstyle/storage';
import { ImportNotAvailableError } from './errors.ts';
import { type DatasetRecord, datasetsById } from './records.ts';

/** @throws NotFoundError */
export async function getDataset(database: Database, id: string): Promise<DatasetRecord> {
  const [found] = await database.transaction('dataset.getDataset', (tx) => datasetsById(tx, [id]));
  if (found === undefined) throw new NotFoundError('dataset', id);
  return found;
}

/** @throws ImportNotAvailableError always */
export async function importDataset(): Promise<DatasetRecord> {
  throw new ImportNotAvailableError();
}
