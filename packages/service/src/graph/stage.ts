export type StageState =
  | 'WAITING'
  | 'RUNNING'
  | 'DONE'
  | 'SKIPPED'
  | 'HELD'
  | 'CANCELED'
  | 'FAILED';

export interface StageFields {
  readonly state: StageState;
  readonly done: number;
  readonly failed: number;
  readonly expected: number | null;
  readonly detail: string | null;
  /** What an open stage waits for; told where it has not moved for long. By custom, its worker. */
  readonly awaits?: string;
  readonly updatedAt: Date | null;
}

/** An open stage that has not moved for so long is stalled. */
export const STALLED_AFTER_MS = 10 * 60_000;

const NEXT_STEP = 'What was given up, and how to go on: deepstyle events dead-letters list';

/** The graph's `Stage`; one that is stalled says what it waits for and what to do. */
export function stage({ awaits = 'its worker', ...fields }: StageFields, now: Date) {
  const open = fields.state === 'RUNNING';
  const idleMs = fields.updatedAt === null ? 0 : now.getTime() - fields.updatedAt.getTime();
  const stalled = open && idleMs > STALLED_AFTER_MS;
  const reason = [fields.detail, `waits for ${awaits}`].filter((part) => part !== null).join('; ');
  return {
    ...fields,
    detail: stalled ? `${reason}. ${NEXT_STEP}` : fields.detail,
    updatedAt: fields.updatedAt?.toISOString() ?? null,
    stalled,
  };
}
