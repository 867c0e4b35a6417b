import type { RunReference } from '@deepstyle/contracts';
import { currentTrendBatches, runsById } from '../src/records.ts';
import type { DrawnGarment } from './drawn-run.ts';
import type { OpenedGallery } from './opened-gallery.ts';

/** What happens to the runs of a gallery, and what it says of them. */
export function stepsOf(opened: () => OpenedGallery) {
  return {
    /** Has the cropper know these garments of a run. */
    cropped: (run: RunReference, garments: readonly DrawnGarment[]): RunReference => {
      opened().cropped.set(run.id, { run, garments });
      return run;
    },
    garmentsReady: (run: RunReference, failedPhotos = 0, incomplete: string | null = null) =>
      opened().gallery.garmentsReady({ run, photos: 100, failedPhotos, garments: 60, incomplete }),
    changed: (run: RunReference, revision: number, state: 'open' | 'canceled' = 'open') =>
      opened().gallery.runChanged({ run, revision, state }),
    ganTrained: (run: RunReference) =>
      opened().gallery.ganReady({ run, outcome: 'trained', modelId: 'gan-1', reason: 'trained' }),
    batches: async () =>
      (await opened().published('deepstyle.trend-batch.published.v1')).map(({ data }) => data),
    current: () =>
      opened().database.transaction('test.current', (tx) =>
        currentTrendBatches(tx, { season: null, brand: undefined }, null, 100),
      ),
    collections: () => opened().published('deepstyle.collection.created.v1'),
    /** Lets something happen once, just before a moment comes for the nth time. */
    justBefore: (moment: string, nth: number, happen: () => Promise<void>): void => {
      let left = nth;
      opened().hazard.strike = async (now) => {
        if (now !== moment) return;
        left -= 1;
        if (left === 0) await happen();
      };
    },
    recordOf: async ({ id }: RunReference) => {
      const [run] = await opened().database.transaction('test.run', (tx) => runsById(tx, [id]));
      if (run === undefined) throw new Error(`There is no run ${id}.`);
      return run;
    },
  };
}
