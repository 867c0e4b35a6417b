import { type Consumer, consumer } from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import { noteRun } from './detector.ts';

/** What the service consumes: one event a run tells what it pinned. */
export function createConsumers(database: Database, clock: () => Date): readonly Consumer[] {
  return [
    consumer({
      name: 'scrapes',
      types: ['deepstyle.scrape.completed.v1'],
      concurrency: 1,
      handle: ({ data }) => noteRun(database, data.run, clock()),
    }),
  ];
}
