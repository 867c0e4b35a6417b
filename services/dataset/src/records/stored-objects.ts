import type { Transaction } from '@deepstyle/storage';
import { datasetsById } from '../records.ts';

/** Those of the keys that annotations are stored under. */
export async function datasetObjects(
  tx: Transaction,
  keys: readonly string[],
): Promise<readonly string[]> {
  const ids = keys.map((key) => key.slice(key.lastIndexOf('/') + 1, key.indexOf('.')));
  return (await datasetsById(tx, ids)).map(({ annotationsObject }) => annotationsObject.key);
}
