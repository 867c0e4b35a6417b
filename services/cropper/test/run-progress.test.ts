import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  closeScrape,
  NEW_RUN,
  type PhotoOutcome,
  type RunProgress,
  settlePhotos,
} from '../src/run-progress.ts';

const done = (photoId: string, ...ids: string[]): PhotoOutcome => ({
  photoId,
  failure: null,
  garments: ids.map((id) => ({ id })),
});
const failed = (photoId: string): PhotoOutcome => ({
  photoId,
  failure: { stage: 'crop', reason: 'unreadable' },
  garments: [],
});

/** The whole run in memory: what the tables hold between transactions. */
class Run {
  progress: RunProgress = NEW_RUN;
  readonly settled = new Set<string>();
  readonly ready: RunProgress[] = [];

  settle(...outcomes: PhotoOutcome[]): void {
    const { progress, fresh } = settlePhotos(this.progress, this.settled, outcomes);
    for (const { photoId } of fresh) this.settled.add(photoId);
    this.#move(progress);
  }

  close(photos: number): void {
    this.#move(closeScrape(this.progress, photos));
  }

  #move(next: RunProgress): void {
    if (next.ready && !this.progress.ready) this.ready.push(next);
    this.progress = next;
  }
}

describe('progress of a run', () => {
  test('an empty run is ready as soon as it is closed', () => {
    const run = new Run();
    run.close(0);
    expect(run.ready).toEqual([{ expected: 0, done: 0, failed: 0, garments: 0, ready: true }]);
  });

  test('all photographs settled do not make a run ready whose scrape is open', () => {
    const run = new Run();
    run.settle(done('a', 'g'));
    expect(run.ready).toEqual([]);
    run.close(1);
    expect(run.ready).toHaveLength(1);
  });

  test('the first outcome of a photograph stands, also within one batch', () => {
    const run = new Run();
    run.settle(done('a', 'g'), failed('a'));
    run.settle(failed('a'));
    expect(run.progress).toMatchObject({ done: 1, failed: 0, garments: 1 });
  });

  test('a ready run takes no further photograph', () => {
    const run = new Run();
    run.close(1);
    run.settle(done('a', 'g'));
    run.settle(done('b', 'h'));
    expect(run.progress).toMatchObject({ done: 1, garments: 1 });
  });

  test('a second word on the number of photographs changes nothing', () => {
    const run = new Run();
    run.close(2);
    run.close(1);
    run.settle(done('a'));
    expect(run.ready).toEqual([]);
  });

  test('any order, batching and repetition of a run’s events makes it ready exactly once, with the same counts', () => {
    const photos = fc.uniqueArray(
      fc.record({
        photoId: fc.uuid(),
        garments: fc.option(fc.nat(4), { nil: null }),
      }),
      { selector: ({ photoId }) => photoId, maxLength: 20 },
    );
    fc.assert(
      fc.property(photos, fc.infiniteStream(fc.nat()), (members, numbers) => {
        const outcomes = members.map(({ photoId, garments }) =>
          garments === null
            ? failed(photoId)
            : done(photoId, ...Array.from({ length: garments }, (_, k) => `${photoId}${k}`)),
        );
        const events: (PhotoOutcome | 'closed')[] = [...outcomes, 'closed'];
        const next = (): number => numbers.next().value ?? 0;
        const repeated = events.flatMap((event) =>
          Array.from({ length: 1 + (next() % 3) }, () => event),
        );
        const run = new Run();
        const batch: PhotoOutcome[] = [];
        while (repeated.length > 0) {
          const [event] = repeated.splice(next() % repeated.length, 1);
          if (event === 'closed') run.close(members.length);
          else if (event !== undefined) batch.push(event);
          if (next() % 2 === 0) run.settle(...batch.splice(0));
        }
        run.settle(...batch);
        const failures = members.filter(({ garments }) => garments === null).length;
        expect(run.ready).toEqual([
          {
            expected: members.length,
            done: members.length - failures,
            failed: failures,
            garments: members.reduce((sum, { garments }) => sum + (garments ?? 0), 0),
            ready: true,
          },
        ]);
      }),
    );
  });
});
