import { NotFoundError } from '@deepstyle/platform';
import { pagesById, sentAgain } from '@deepstyle/service';
import type { Ports } from './ports.ts';
import { findRuns, listMembers, type Run } from './records.ts';
import { photoStored, runChanged, scrapeCompleted } from './run-ledger.ts';
import { NO_CLAIMS } from './sources/source-item.ts';

type AnnouncePorts = Pick<Ports, 'database' | 'outbox' | 'clock'>;

/**
 * Publishes the events of a run again, under new ids. Of a photograph it tells what is known of it by now, as what the run's own
 * source said is not kept. Returns how many they are.
 *
 * @param revision the change for which it is asked; 0: events were lost
 * @throws NotFoundError
 */
export async function announceRun(
  ports: AnnouncePorts,
  runId: string,
  revision: number,
): Promise<number> {
  const { database, outbox, clock } = ports;
  const [run] = await database.transaction('scraper.findRun', (tx) => findRuns(tx, [runId]));
  if (run === undefined) throw new NotFoundError('run', runId);
  let events = 0;
  if (run.revision > 0) {
    const { data, id } = sentAgain(runChanged(run), clock(), revision);
    await database.transaction('scraper.announceChange', (tx) =>
      outbox.publish(tx, 'deepstyle.run.changed.v1', data, id),
    );
    events += 1;
  }
  const members = pagesById((after, limit) =>
    database.transaction('scraper.listMembers', (tx) => listMembers(tx, runId, limit, after)),
  );
  for await (const photos of members) {
    const stored = photos.map((photo) =>
      sentAgain(photoStored(run, photo, NO_CLAIMS), clock(), revision),
    );
    await database.transaction('scraper.announceMembers', (tx) =>
      outbox.publishAll(tx, 'deepstyle.photo.stored.v1', stored),
    );
    events += stored.length;
  }
  if (run.state === 'RUNNING') return events;
  const { data, id } = sentAgain(scrapeCompleted(run, incompletenessOf(run)), clock(), revision);
  await database.transaction('scraper.announceEnd', (tx) =>
    outbox.publish(tx, 'deepstyle.scrape.completed.v1', data, id),
  );
  return events + 1;
}

/** A run that failed with photographs was given up: those that are there are not all. */
function incompletenessOf({ state, stored, detail }: Run): string | null {
  return state === 'FAILED' && stored > 0 ? detail : null;
}
