import type { RunReference } from '@deepstyle/contracts';
import type { Transaction } from '@deepstyle/storage';

export type GanOutcome = 'trained' | 'reused' | 'skipped';
export type PublishingState = 'RUNNING' | 'DONE' | 'FAILED';

/** A row of `runs`. */
export interface RunRecord {
  readonly reference: RunReference;
  /** Number of garments, once all of them are stored here. */
  readonly garments: number | null;
  readonly gan: { readonly outcome: GanOutcome; readonly modelId: string | null } | null;
  readonly state: PublishingState;
  readonly received: number;
  readonly requested: number | null;
  readonly detail: string | null;
  readonly updatedAt: Date;
}

/** Inserts the run where it is new. */
export async function noteRun(tx: Transaction, reference: RunReference, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO runs (id, reference, state, created_at, updated_at) VALUES ($1, $2, 'RUNNING', $3, $3)
     ON CONFLICT (id) DO NOTHING`,
    [reference.id, JSON.stringify(reference), now],
  );
}

export async function noteGan(
  tx: Transaction,
  runId: string,
  gan: { readonly outcome: GanOutcome; readonly modelId: string | null },
): Promise<void> {
  await tx.query('UPDATE runs SET gan_outcome = $2, model_id = $3 WHERE id = $1', [
    runId,
    gan.outcome,
    gan.modelId,
  ]);
}

/** Says how far the publishing of a run is; a run that has ended stays as it ended. */
export async function noteProgress(
  tx: Transaction,
  runId: string,
  progress: {
    readonly state?: PublishingState;
    readonly received?: number;
    readonly requested?: number;
    readonly detail: string;
  },
  now: Date,
): Promise<void> {
  await tx.query(
    `UPDATE runs SET state = COALESCE($2, state), received = COALESCE($3, received),
       requested = COALESCE($4, requested), detail = $5, updated_at = $6
     WHERE id = $1 AND state = 'RUNNING'`,
    [
      runId,
      progress.state ?? null,
      progress.received ?? null,
      progress.requested ?? null,
      progress.detail,
      now,
    ],
  );
}

export async function runsById(
  tx: Transaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RunRecord>> {
  const rows = await tx.query<RunRow>('SELECT * FROM runs WHERE id = ANY($1::text[])', [ids]);
  return new Map(rows.map((row) => [row.id, runOf(row)]));
}

interface RunRow {
  readonly id: string;
  readonly reference: RunReference;
  readonly garments: number | null;
  readonly gan_outcome: GanOutcome | null;
  readonly model_id: string | null;
  readonly state: PublishingState;
  readonly received: number;
  readonly requested: number | null;
  readonly detail: string | null;
  readonly updated_at: Date;
}

function runOf(row: RunRow): RunRecord {
  const { reference, garments, gan_outcome, model_id, state, received, requested, detail } = row;
  return {
    ...{ reference, garments, state, received, requested, detail },
    gan: gan_outcome === null ? null : { outcome: gan_outcome, modelId: model_id },
    updatedAt: row.updated_at,
  };
}
