import type { Database, Transaction } from '@deepstyle/storage';

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Fills tables as long use would, and has the planner know how full they are. */
export function fillTables(database: Database, script: string): Promise<void> {
  return database.transaction('test.fillTables', (tx) => tx.script(`${script}; ANALYZE`), {
    limitMs: 60_000,
  });
}

/**
 * Rows of tables that the statements of `work` read, those that a filter threw away included, as EXPLAIN ANALYZE counts
 * them: the cost of a query as a number that no busy machine changes. What the statements write is kept.
 */
export async function rowsRead(
  database: Database,
  work: (tx: Transaction) => Promise<unknown>,
): Promise<number> {
  return database.transaction('test.rowsRead', async (tx) => {
    let rows = 0;
    await work({
      script: (text) => tx.script(text),
      query: async (text, values) => {
        rows += await explained(tx, text, values);
        return tx.query(text, values);
      },
    });
    return rows;
  });
}

async function explained(
  tx: Transaction,
  text: string,
  values: Parameters<Transaction['query']>[1],
): Promise<number> {
  await tx.script('SAVEPOINT explained');
  const [row] = await tx.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
    `EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON) ${text}`,
    values,
  );
  await tx.script('ROLLBACK TO SAVEPOINT explained');
  const [explanation] = row?.['QUERY PLAN'] ?? [];
  if (explanation === undefined) throw new Error(`no plan for: ${text}`);
  return readBy(explanation.Plan);
}

function readBy(node: PlanNode): number {
  const below = (node.Plans ?? []).map(readBy).reduce((sum, one) => sum + one, 0);
  if (node['Relation Name'] === undefined) return below;
  const { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Index Recheck': rechecked = 0 } =
    node;
  return below + node['Actual Loops'] * (node['Actual Rows'] + filtered + rechecked);
}
