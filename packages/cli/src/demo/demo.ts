import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeAtExit } from '@deepstyle/platform';
import { cocoFile, type SplitTruth } from '@deepstyle/testkit';
import type { Call } from '../call.ts';
import type { EvaluationView } from '../detector-queries.ts';
import { createGraphClient, GraphRequestError } from '../graph-client.ts';
import type { Instance } from '../instance/instance.ts';
import { onInterrupt } from '../instance/interrupt.ts';
import { startInstance } from '../instance/start-instance.ts';
import { awaited, THE_START } from '../output/awaited.ts';
import { watchPeakMemory } from '../output/peak-memory.ts';
import { say } from '../output/say.ts';
import { type DemoPlan, drawScenesOf, playDemo } from './play.ts';
import { type DemoResult, demoResult, demoSummary } from './result.ts';
import { DEMO_SIZES, demoSettings } from './sizes.ts';

const DEFAULT_SEED = 7;

/** What was typed of `deepstyle demo`. */
export interface DemoOptions {
  readonly exit?: boolean | undefined;
  readonly quick?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly steps?: number | undefined;
  readonly skipGan?: boolean | undefined;
  readonly keep?: string | undefined;
  readonly port?: number | undefined;
}

/** Plays the demo on an instance of its own. Without `exit` it stays up, for people to look at. */
export async function demo(call: Call, options: DemoOptions): Promise<void> {
  const startedMs = Date.now();
  const memory = watchPeakMemory();
  const plan = planOf(options);
  const folder = demoFolder(call.shared.data);
  const interrupt = onInterrupt('Stopping.');
  let instance: Instance | null = null;
  const close = async (): Promise<void> => {
    await instance?.close();
    folder.remove();
  };
  interrupt.closes(close);
  try {
    instance = await awaited(
      THE_START,
      startInstance(
        { ...demoSettings(plan.sizes), ...call.environment },
        { dataFolder: folder.path, port: portOf(call, options) },
      ),
    );
    say(`The page: ${instance.url}\n`);
    const drawn = await drawScenesOf(plan, folder.path);
    const graph = createGraphClient(instance);
    const { model, runs } = await playDemo(plan, drawn, graph, folder.path);
    if (options.keep !== undefined && model.evaluation !== null)
      await keepEvaluation(options.keep, drawn.truth, model.evaluation, instance);
    const seconds = Math.round((Date.now() - startedMs) / 100) / 10;
    const found = demoResult(drawn.shows, model, runs);
    const result: DemoResult = { ...found, seconds, peakMb: memory.stop() };
    call.print(result, demoSummary(result));
    if (options.exit) {
      if (result.designs === 0 || result.trendBatches === 0) {
        say(nothingCame(result));
        call.exitCode = 1;
      }
      return;
    }
    say(`Look at it: ${instance.url}   (Ctrl-C ends it)\n`);
    await new Promise<never>(() => {});
  } finally {
    await close();
    interrupt.release();
  }
}

/** Why the exit code is not 0. */
function nothingCame({ designs, trendBatches }: DemoResult): string {
  return (
    `The demo came to ${designs} designs and ${trendBatches} trend batches, where it needs one of each at least. ` +
    'On a machine that is slow or busy the detector has too little time to learn: try again when it is idle.\n'
  );
}

function planOf({ quick, seed = DEFAULT_SEED, steps, skipGan = false }: DemoOptions): DemoPlan {
  const sizes = quick ? DEMO_SIZES.quick : DEMO_SIZES.full;
  return { seed, sizes: { ...sizes, ganSteps: steps ?? sizes.ganSteps }, skipGan };
}

/** A demo that ends by itself takes a free port, so that it never collides with anything. */
function portOf({ environment }: Call, { exit, port }: DemoOptions): number | undefined {
  const isFree = environment.HTTP_PORT === undefined && port === undefined;
  return isFree && exit ? 0 : port;
}

/** A folder of its own that goes with the demo, unless `--data` names one to keep. */
function demoFolder(data: string | undefined): { readonly path: string; remove(): void } {
  if (data !== undefined) return { path: data, remove: () => {} };
  const path = mkdtempSync(join(tmpdir(), 'deepstyle-demo-'));
  const removed = removeAtExit(path);
  const remove = () => {
    rmSync(path, { recursive: true, force: true });
    removed();
  };
  return { path, remove };
}

/**
 * Leaves `truth.json` and `detections.json` of the evaluated scenes in a folder: COCO files from which anyone can compute
 * the figures again.
 *
 * @throws GraphRequestError
 */
async function keepEvaluation(
  folder: string,
  truth: SplitTruth,
  evaluation: EvaluationView,
  instance: Pick<Instance, 'url' | 'token'>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'truth.json'), JSON.stringify(cocoFile(truth.test)));
  const response = await fetch(new URL(evaluation.detectionsUrl, instance.url), {
    headers: { authorization: `Bearer ${instance.token}` },
  });
  if (!response.ok)
    throw new GraphRequestError(
      `The detections of the evaluation cannot be read: status ${response.status}.`,
    );
  await writeFile(join(folder, 'detections.json'), Buffer.from(await response.arrayBuffer()));
}
