import { type DrawnScenes, type PictureSite, startPictureSite } from '@deepstyle/testkit';
import { startAndFollow } from '../follow-run.ts';
import type { GraphClient } from '../graph-client.ts';
import type { RunView } from '../run-queries.ts';
import { timed } from './timed.ts';

export interface SeasonsPlan {
  /** Id of the detector model. */
  readonly detector: string;
  readonly ganSteps: number;
  readonly skipGan: boolean;
}

/** Puts the shows on a picture site, and runs one season of it after another. The last one gets a GAN, and a collection. */
export async function runSeasons(
  graph: GraphClient,
  shows: DrawnScenes,
  dataFolder: string,
  plan: SeasonsPlan,
): Promise<readonly RunView[]> {
  const site = await startPictureSite({ set: shows });
  try {
    const runs: RunView[] = [];
    for (const season of shows.truth.seasons) {
      const isLast = season === shows.truth.seasons.at(-1);
      const input = {
        season,
        sources: [{ url: pageOf(site, season) }],
        detector: plan.detector,
        gan: { steps: plan.ganSteps, skip: plan.skipGan || !isLast },
      };
      runs.push(await timed(season, () => startAndFollow(graph, input, dataFolder)));
    }
    return runs;
  } finally {
    await site.stop();
  }
}

/** Where the site lists the pictures of a season. */
function pageOf(site: PictureSite, season: string): string {
  return `${site.url}/seasons/${season.toLowerCase()}`;
}
