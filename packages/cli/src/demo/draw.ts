import { join } from 'node:path';
import {
  type DrawnScenes,
  drawScenes,
  type SceneSplits,
  type ScenesOptions,
  type SplitTruth,
  writeSceneSplits,
} from '@deepstyle/testkit';
import { seedOf } from '@deepstyle/vision';
import type { StageView } from '../run-queries.ts';
import type { DemoSizes } from './sizes.ts';

/** What a demo draws before anything is found. */
export interface Drawn {
  /** The seasons' shows, as the picture site has them. */
  readonly shows: DrawnScenes;
  /** A COCO folder of other scenes, to train and test the detector on. */
  readonly dataset: string;
  readonly truth: SplitTruth;
}

const DUPLICATES = 6;
const NOT_PHOTOS = 4;

/** Draws everything. @param watch told how far it is, from 0 to all scenes */
export async function drawDemo(
  seed: number,
  sizes: DemoSizes,
  folder: string,
  watch: (stage: StageView) => void,
): Promise<Drawn> {
  const splits = ['train', 'val', 'test'] as const;
  const expected = sizes.perSeason * 3 + splits.reduce((sum, split) => sum + sizes[split], 0);
  let done = 0;
  const draw = (options: ScenesOptions): Promise<DrawnScenes> =>
    drawScenes({
      ...options,
      onScene: () => {
        done += 1;
        watch({ state: 'RUNNING', done, failed: 0, expected, detail: null, stalled: false });
      },
    });
  const shows = await draw({
    ...{ seed, perSeason: sizes.perSeason, duplicates: DUPLICATES, notPhotos: NOT_PHOTOS },
  });
  const scenes: Partial<Record<keyof SceneSplits, DrawnScenes['photos']>> = {};
  for (const split of splits) {
    const set = await draw({
      // Seeds of their own: no scene is in two splits, or in a show.
      ...{ seed: seedOf(seed, split), seasons: [split], perSeason: sizes[split], shares: 'even' },
    });
    scenes[split] = set.photos;
  }
  const dataset = join(folder, 'scenes');
  return { shows, dataset, truth: await writeSceneSplits(dataset, scenes as SceneSplits) };
}
