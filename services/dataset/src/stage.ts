import type { StageFields } from '@deepstyle/service';
import type { ImportRecord } from './records.ts';

/** An import as a stage of the graph; null: nothing has been asked for. */
export function stageOf(one: ImportRecord | null): StageFields {
  if (one === null) {
    const counts = { done: 0, failed: 0, expected: null };
    return { state: 'WAITING', ...counts, detail: null, updatedAt: null };
  }
  const { state, done, expected, detail, updatedAt } = one;
  return { state, done, failed: 0, expected, detail, updatedAt };
}
