import { anyOf, createQueryBuilder, type Transaction } from '@deepstyle/storage';
import type { Tables } from '../gen/tables.ts';

const { db, insertRows } = createQueryBuilder<Tables>();

/** Notes that sources of a run are begun, once more where they were begun before. */
export async function beginSources(
  tx: Transaction,
  runId: string,
  keys: readonly string[],
): Promise<void> {
  const rows = keys.map((sourceKey) => ({ runId, sourceKey }));
  await insertRows(tx, 'begunSources', ['runId', 'sourceKey'], rows)
    .onConflict((conflict) =>
      conflict
        .columns(['runId', 'sourceKey'])
        .doUpdateSet(({ eb, ref }) => ({ times: eb(ref('begunSources.times'), '+', 1) })),
    )
    .execute();
}

/** Forgets that sources of a run were begun. */
export async function endSources(
  tx: Transaction,
  runId: string,
  keys: readonly string[],
): Promise<void> {
  await db(tx)
    .deleteFrom('begunSources')
    .where('runId', '=', runId)
    .where('sourceKey', '=', anyOf(keys))
    .execute();
}

/** The sources of a run that were begun and have not ended. */
export function listBegunSources(tx: Transaction, runId: string) {
  return db(tx)
    .selectFrom('begunSources')
    .select(['sourceKey', 'times'])
    .where('runId', '=', runId)
    .execute();
}
