export type StageState = 'WAITING' | 'RUNNING' | 'DONE' | 'SKIPPED' | 'HELD' | 'FAILED';

export interface StageFields {
  readonly state: StageState;
  readonly done: number;
  readonly failed: number;
  readonly expected: number | null;
  readonly detail: string | null;
  readonly updatedAt: Date | null;
}

const STALLED_AFTER_MS = 10 * 60_000;

/** The graph's `Stage`: an open stage that has not moved for ten minutes is stalled. */
export function stage(fields: StageFields, now: Date) {
  const open = fields.state === 'RUNNING';
  const idleMs = fields.updatedAt === null ? 0 : now.getTime() - fields.updatedAt.getTime();
  return {
    ...fields,
    updatedAt: fields.updatedAt?.toISOString() ?? null,
    stalled: open && idleMs > STALLED_AFTER_MS,
  };
}
