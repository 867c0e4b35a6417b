import type { Database } from '@deepstyle/storage';
import { DetectorNotTrainedError } from './errors.ts';
import { activeModel, type ModelRecord } from './records.ts';

/**
 * The model that new runs use.
 *
 * @throws DetectorNotTrainedError
 */
export async function getActiveModel(database: Database): Promise<ModelRecord> {
  const model = await database.transaction('detector.getActiveModel', activeModel);
  if (model === null) throw new DetectorNotTrainedError();
  return model;
}
