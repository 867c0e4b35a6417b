import type { Ports } from './ports.ts';
import { beginSources, endSources, listBegunSources } from './records/begun-sources.ts';
import type { SourceItem } from './sources/source-item.ts';
import { sourceKey } from './take-photo.ts';

/** Keeps in the database which sources of a run are at work, so that one that kills the process is found. */
export interface CrashWatch {
  /** Whether a source was at work when the process was killed. */
  isSuspect(item: SourceItem): boolean;
  /** The source to take in its place: itself, or its rejection where the process was killed twice with it. */
  judged(item: SourceItem): SourceItem;
  /** Before anything is read of these sources. */
  begin(items: readonly SourceItem[]): Promise<void>;
  /** The outcomes of these are recorded. */
  ended(keys: readonly string[]): void;
  /** The process stops in good order: what is at work is no suspect. */
  putBack(): Promise<void>;
}

const MAX_CRASHES = 2;

/**
 * @param atWork sources of the run that this process has begun and not ended. What is left of an earlier collecting, whose
 *   database was away when it ended, has killed nobody.
 */
export async function watchCrashes(
  { database }: Pick<Ports, 'database'>,
  runId: string,
  atWork: Set<string>,
): Promise<CrashWatch> {
  const left = await database.transaction('scraper.begunSources', async (tx) => {
    if (atWork.size > 0) await endSources(tx, runId, [...atWork]);
    return listBegunSources(tx, runId);
  });
  atWork.clear();
  const crashes = new Map(left.map(({ sourceKey: key, times }) => [key, times]));
  const crashesOf = (item: SourceItem) => crashes.get(sourceKey(item.key)) ?? 0;
  return {
    isSuspect: (item) => crashesOf(item) > 0,
    judged: (item) => (crashesOf(item) < MAX_CRASHES ? item : rejectionOf(item)),
    begin: async (items) => {
      const keys = items
        .filter(({ kind }) => kind === 'candidate')
        .map(({ key }) => sourceKey(key));
      if (keys.length === 0) return;
      for (const key of keys) atWork.add(key);
      await database.transaction('scraper.beginSources', (tx) => beginSources(tx, runId, keys));
    },
    ended: (keys) => {
      for (const key of keys) atWork.delete(key);
    },
    putBack: async () => {
      if (atWork.size === 0) return;
      await database.transaction('scraper.putBackSources', (tx) =>
        endSources(tx, runId, [...atWork]),
      );
      atWork.clear();
    },
  };
}

function rejectionOf({ key, name }: SourceItem): SourceItem {
  const reason = `The process was killed ${MAX_CRASHES} times while it was read.`;
  return { kind: 'rejected', key, name, code: 'CRASHED', reason };
}
