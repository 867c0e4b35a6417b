/** The demo without the instance that it plays on: the same for one process and for the gateway of a cluster. */
import { DeepStyleError } from '@deepstyle/platform';
import { type DrawnScenes, type PictureSite, startPictureSite } from '@deepstyle/testkit';
import { seedOf } from '@deepstyle/vision';
import type { DetectorModelView } from '../detector-queries.ts';
import { startAndFollow } from '../follow/follow-run.ts';
import { importAndFollow } from '../follow/import-dataset.ts';
import { trainDetector } from '../follow/train-detector.ts';
import type { GraphClient } from '../graph-client.ts';
import { ProgressView } from '../output/progress-view.ts';
import { say } from '../output/say.ts';
import { duration } from '../output/stage-line.ts';
import type { RunView } from '../run-queries.ts';
import { type Drawn, drawDemo } from './draw.ts';
import type { DemoSizes } from './sizes.ts';

class DrawnDatasetRefusedError extends DeepStyleError {
  constructor(detail: string | null) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DRAWN_DATASET_REFUSED',
      message: `The drawn scenes could not be imported: ${detail ?? 'no reason was given'}`,
    });
  }
}

export interface DemoPlan {
  readonly seed: number;
  readonly sizes: DemoSizes;
  readonly skipGan: boolean;
}

/** What came of a demo. */
export interface PlayedDemo {
  readonly model: DetectorModelView;
  /** One a season, in the order of the seasons. */
  readonly runs: readonly RunView[];
}

/** Draws the scenes. @param folder where the dataset is to lie */
export function drawScenesOf({ seed, sizes }: DemoPlan, folder: string): Promise<Drawn> {
  const drawing = new ProgressView(process.stderr);
  return timed('scenes drawn', () =>
    drawDemo(seed, sizes, folder, (stage) =>
      drawing.showStages([{ label: 'drawing', stage }], Date.now()),
    ),
  );
}

/**
 * Imports the drawn dataset, trains a detector on it and runs the seasons.
 *
 * @param graph of services that read the drawn dataset, and reach this machine's loopback addresses
 * @param folder for what is needed to go on after an interruption
 * @throws DrawnDatasetRefusedError, and what following the work throws
 */
export async function playDemo(
  { seed, sizes, skipGan }: DemoPlan,
  drawn: Drawn,
  graph: GraphClient,
  folder: string,
): Promise<PlayedDemo> {
  const dataset = await timed('dataset imported', () => importDrawn(graph, drawn.dataset, folder));
  const training = {
    dataset,
    labels: 'CATEGORIES' as const,
    steps: sizes.detectorSteps,
    maxSeconds: sizes.detectorSeconds,
    seed: graphSeed(seed),
  };
  const model = await timed('detector trained and evaluated', () =>
    trainDetector(graph, training, folder),
  );
  const { ganSteps } = sizes;
  const seasons = { detector: model.id, ganSteps, skipGan };
  return { model, runs: await runSeasons(graph, drawn.shows, folder, seasons) };
}

/** @returns the id of the dataset @throws DrawnDatasetRefusedError */
async function importDrawn(graph: GraphClient, scenes: string, folder: string): Promise<string> {
  const input = { name: 'drawn scenes', folder: scenes, format: 'COCO' as const, strict: true };
  const { dataset, progress } = await importAndFollow(graph, input, folder);
  if (dataset === null) throw new DrawnDatasetRefusedError(progress.detail);
  return dataset.id;
}

/** A seed of the demo's, as the graph's integers of 31 bits hold it. */
function graphSeed(seed: number): number {
  return seedOf(seed, 'detector') % 2 ** 31;
}

interface SeasonsPlan {
  /** Id of the detector model. */
  readonly detector: string;
  readonly ganSteps: number;
  readonly skipGan: boolean;
}

/** Puts the shows on a picture site, and runs one season of it after another. The last one gets a GAN, and a collection. */
async function runSeasons(
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

/** Does a step of the demo and tells on stderr how long it took. */
async function timed<T>(step: string, work: () => Promise<T>): Promise<T> {
  const startedMs = Date.now();
  const result = await work();
  say(`${step}: ${duration((Date.now() - startedMs) / 1000)}\n`);
  return result;
}
