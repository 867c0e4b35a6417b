import type { Ports } from './ports.ts';
import { beginSources, endSources, listBegunSources } from './records/begun-sources.ts';
import type { SourceItem } from './sources/source-item.ts';
import { sourceKey } from './take-photo.ts';

/** Keeps in the database which sources of a run are at work, so that one that kills the process is found. */
export interface CrashWatch {
  /** How often the process was killed while a source was at work. */
  killsWith(item: SourceItem): number;
  /** The source to take in its place: itself, or its rejection where the process was killed with it again and again. */
  judged(item: SourceItem): SourceItem;
  /** Before anything is read of these sources. */
  begin(items: readonly SourceItem[]): Promise<void>;
  /** The outcomes of these are recorded. */
  ended(keys: readonly string[]): void;
  /** The process stops in good order: what is at work is no suspect. */
  putBack(): Promise<void>;
}

/**
 * The first time others may have been at work too, later ones it was alone. A photograph that kills its decoder is found
 * out by the second, in a process of its own; whoever kills the whole process so often meets no other source each time.
 */
const MAX_KILLS = 4;

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
  const kills = new Map(left.map(({ sourceKey: key, times }) => [key, times]));
  const killsWith = (item: SourceItem) => kills.get(sourceKey(item.key)) ?? 0;
  return {
    killsWith,
    judged: (item) => (killsWith(item) < MAX_KILLS ? item : rejectionOf(item)),
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
  const reason = `The process was killed ${MAX_KILLS} times while it was read.`;
  return { kind: 'rejected', key, name, code: 'CRASHED', reason };
}
