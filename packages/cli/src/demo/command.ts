import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DeepStyleError, type Environment } from '@deepstyle/platform';
import { seedOf } from '@deepstyle/vision';
import { callerFolder } from '../caller-folder.ts';
import type { Options } from '../command-line.ts';
import { importAndFollow } from '../dataset-import-command.ts';
import type { DetectorModelView } from '../detector-queries.ts';
import { createGraphClient, type GraphClient } from '../graph-client.ts';
import { type Instance, startInstance } from '../instance.ts';
import { onInterrupt } from '../interrupt.ts';
import { watchPeakMemory } from '../peak-memory.ts';
import { ProgressView } from '../progress.ts';
import type { RunView } from '../run-queries.ts';
import { trainDetector } from '../train-detector.ts';
import { type Drawn, drawDemo } from './draw.ts';
import { keepEvaluation } from './keep.ts';
import { type DemoResult, demoResult } from './result.ts';
import { runSeasons } from './run-seasons.ts';
import { DEMO_SIZES, type DemoSizes, demoSettings } from './sizes.ts';
import { demoSummary } from './summary.ts';
import { timed } from './timed.ts';

const DEFAULT_SEED = 7;

class DrawnDatasetRefusedError extends DeepStyleError {
  constructor(detail: string | null) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'DRAWN_DATASET_REFUSED',
      message: `The drawn scenes could not be imported: ${detail ?? 'no reason was given'}`,
    });
  }
}

/** `deepstyle demo`: the whole pipeline on drawn runway scenes of three seasons, held against what was drawn. */
export async function demoCommand(options: Options, environment: Environment): Promise<number> {
  const startedMs = Date.now();
  const memory = watchPeakMemory();
  const sizes = options.quick ? DEMO_SIZES.quick : DEMO_SIZES.full;
  const folder = demoFolder(options, environment);
  const interrupt = onInterrupt('Stopping.');
  let instance: Instance | null = null;
  const close = async (): Promise<void> => {
    await instance?.close();
    folder.remove();
  };
  interrupt.closes(close);
  try {
    instance = await startInstance(
      { ...demoSettings(sizes), ...environment },
      { dataFolder: folder.path, port: portOf(options, environment) },
    );
    process.stderr.write(`The page: ${instance.url}\n`);
    const { drawn, model, runs } = await runPipeline(options, sizes, instance, folder.path);
    if (options.keep !== undefined && model.evaluation !== null) {
      const keep = resolve(callerFolder(environment), options.keep);
      await keepEvaluation(keep, drawn.truth, model.evaluation, instance);
    }
    const seconds = Math.round((Date.now() - startedMs) / 100) / 10;
    const found = demoResult(drawn.shows, model, runs);
    const result: DemoResult = { ...found, seconds, peakMb: memory.stop() };
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : demoSummary(result));
    if (options.exit) return result.designs > 0 && result.trendBatches > 0 ? 0 : 1;
    process.stderr.write(`Look at it: ${instance.url}   (Ctrl-C ends it)\n`);
    await new Promise<never>(() => {});
    return 0;
  } finally {
    interrupt.release();
    await close();
  }
}

async function runPipeline(
  options: Options,
  sizes: DemoSizes,
  instance: Instance,
  folder: string,
): Promise<{ drawn: Drawn; model: DetectorModelView; runs: readonly RunView[] }> {
  const seed = options.seed ?? DEFAULT_SEED;
  const graph = createGraphClient(instance);
  const drawing = new ProgressView(process.stderr);
  const drawn = await timed('scenes drawn', () =>
    drawDemo(seed, sizes, folder, (stage) =>
      drawing.showStages([{ label: 'drawing', stage }], Date.now()),
    ),
  );
  const dataset = await timed('dataset imported', () => importDrawn(graph, drawn.dataset, folder));
  const wish = {
    dataset,
    labels: 'CATEGORIES' as const,
    maxSeconds: sizes.detectorSeconds,
    seed: graphSeed(seed),
  };
  const model = await timed('detector trained and evaluated', () =>
    trainDetector(graph, wish, folder, new ProgressView(process.stderr)),
  );
  const runs = await runSeasons(graph, drawn.shows, folder, {
    detector: model.id,
    ganSteps: options.steps ?? sizes.ganSteps,
    skipGan: options.skipGan,
  });
  return { drawn, model, runs };
}

/** @returns the id of the dataset @throws DrawnDatasetRefusedError */
async function importDrawn(
  graph: GraphClient,
  scenes: string,
  dataFolder: string,
): Promise<string> {
  const input = { name: 'drawn scenes', folder: scenes, format: 'COCO', strict: true };
  const view = new ProgressView(process.stderr);
  const { dataset, progress } = await importAndFollow(graph, input, dataFolder, view);
  if (dataset === null) throw new DrawnDatasetRefusedError(progress.detail);
  return dataset.id;
}

/** A seed of the demo's, as the graph's integers of 31 bits hold it. */
function graphSeed(seed: number): number {
  return seedOf(seed, 'detector') % 2 ** 31;
}

/** A demo that ends by itself takes a free port, so that it never collides with anything. */
function portOf(options: Options, environment: Environment): number | undefined {
  const isFree = environment.HTTP_PORT === undefined && options.port === undefined;
  return isFree && options.exit ? 0 : options.port;
}

/** A folder of its own that goes with the demo, unless `--data` names one to keep. */
function demoFolder(
  options: Options,
  environment: Environment,
): { readonly path: string; remove(): void } {
  if (options.data !== undefined) {
    return { path: resolve(callerFolder(environment), options.data), remove: () => {} };
  }
  const path = mkdtempSync(join(tmpdir(), 'deepstyle-demo-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
