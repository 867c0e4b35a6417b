import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from '@deepstyle/platform';
import { callerFolder } from '../caller-folder.ts';
import type { Options } from '../command-line.ts';
import { createGraphClient } from '../graph-client.ts';
import { type Instance, startInstance } from '../instance.ts';
import { onInterrupt } from '../interrupt.ts';
import { watchPeakMemory } from '../peak-memory.ts';
import { keepEvaluation } from './keep.ts';
import { type DemoPlan, drawScenesOf, playDemo } from './play.ts';
import { type DemoResult, demoResult } from './result.ts';
import { DEMO_SIZES, demoSettings } from './sizes.ts';
import { demoSummary } from './summary.ts';

const DEFAULT_SEED = 7;

/** `deepstyle demo`: the whole pipeline on drawn runway scenes of three seasons, held against what was drawn. */
export async function demoCommand(options: Options, environment: Environment): Promise<number> {
  const startedMs = Date.now();
  const memory = watchPeakMemory();
  const plan = planOf(options);
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
      { ...demoSettings(plan.sizes), ...environment },
      { dataFolder: folder.path, port: portOf(options, environment) },
    );
    process.stderr.write(`The page: ${instance.url}\n`);
    const drawn = await drawScenesOf(plan, folder.path);
    const graph = createGraphClient(instance);
    const { model, runs } = await playDemo(plan, drawn, graph, folder.path);
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

function planOf({ quick, seed = DEFAULT_SEED, steps, skipGan }: Options): DemoPlan {
  const sizes = quick ? DEMO_SIZES.quick : DEMO_SIZES.full;
  return { seed, sizes: { ...sizes, ganSteps: steps ?? sizes.ganSteps }, skipGan };
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
