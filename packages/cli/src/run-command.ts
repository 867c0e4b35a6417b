import { resolve } from 'node:path';
import { DeepStyleError, type Environment } from '@deepstyle/platform';
import { callerFolder } from './caller-folder.ts';
import { type Options, UsageError } from './command-line.ts';
import { type RunInput, startAndFollow } from './follow-run.ts';
import { createGraphClient, GraphRequestError } from './graph-client.ts';
import { dataFolderOf, findInstance, type Instance, openInstance } from './instance.ts';
import { type Interrupt, onInterrupt } from './interrupt.ts';
import { watchPeakMemory } from './peak-memory.ts';
import { duration } from './progress.ts';
import type { RunView } from './run-queries.ts';
import { type RunResult, resultOf, troublesOf } from './run-result.ts';

/** `deepstyle run`: photographs to a trend batch. Exit code 1 where no photograph could be stored. */
export async function runCommand(options: Options, environment: Environment): Promise<number> {
  if (options.photos === undefined) throw new UsageError('run needs --photos SOURCE.');
  if (options.season === undefined)
    throw new UsageError('run needs --season SEASON, e.g. --season FW2019.');
  const startedMs = Date.now();
  const dataFolder = dataFolderOf(options.data, environment);
  const memory = watchPeakMemory();
  const interrupt = onInterrupt('Stopping; the same command goes on from here.');
  const source = sourceOf(options.photos, callerFolder(environment));
  const input = runInput(options, options.season, source);
  const run = await withInstance(environment, dataFolder, interrupt, (instance) => {
    if (!options.json) process.stderr.write(`The page: ${instance.url}\n`);
    return startAndFollow(createGraphClient(instance), input, dataFolder);
  });
  interrupt.release();
  const result = { ...resultOf(run), seconds: secondsSince(startedMs), peakMb: memory.stop() };
  process.stderr.write(troublesOf(run).join(''));
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : summary(result, options));
  return result.photos.stored > 0 && result.trendBatches > 0 ? 0 : 1;
}

/**
 * Works with the instance of the data folder, or one of its own. An instance that another command had started ends with
 * that command; then the work goes on with one of its own, as the run itself knows where it was.
 */
async function withInstance(
  environment: Environment,
  dataFolder: string,
  interrupt: Interrupt,
  work: (instance: Instance) => Promise<RunView>,
): Promise<RunView> {
  const first = await openInstance(environment, dataFolder);
  interrupt.closes(() => first.close());
  try {
    return await work(first);
  } catch (error) {
    const isLost = error instanceof GraphRequestError && (await findInstance(dataFolder)) === null;
    if (first.isOwn || !isLost) throw error;
  } finally {
    await first.close();
  }
  process.stderr.write('The command that had started the instance has ended; going on alone.\n');
  const second = await patiently(() => openInstance(environment, dataFolder));
  interrupt.closes(() => second.close());
  try {
    return await work(second);
  } finally {
    await second.close();
  }
}

const MAX_CLOSING_MS = 30_000;

/** Waits until the process that closes has let go of the data folder. */
async function patiently(open: () => Promise<Instance>): Promise<Instance> {
  const givesUpAt = Date.now() + MAX_CLOSING_MS;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const inUse = error instanceof DeepStyleError && error.reason === 'DATA_FOLDER_IN_USE';
      if (!inUse || Date.now() > givesUpAt) throw error;
      await new Promise((wake) => setTimeout(wake, 500));
    }
  }
}

function runInput(options: Options, season: string, source: Source): RunInput {
  return {
    season,
    sources: [source],
    ...(options.brand === undefined ? {} : { brand: options.brand }),
    ...(options.detector === undefined ? {} : { detector: options.detector }),
    gan: { steps: options.steps ?? null, skip: options.skipGan },
  };
}

type Source = RunInput['sources'][number];

/** A URL is a page unless it ends like a manifest; anything else is a path. */
export function sourceOf(photos: string, folder: string): Source {
  const isUrl = /^https?:\/\//.test(photos);
  const where = isUrl ? photos : resolve(folder, photos);
  if (/\.(jsonl|ndjson)$/.test(photos)) return { manifest: where };
  return isUrl ? { url: where } : { folder: where };
}

function secondsSince(startedMs: number): number {
  return Math.round((Date.now() - startedMs) / 100) / 10;
}

function summary(result: RunResult & { readonly seconds: number }, options: Options): string {
  const { photos, gan } = result;
  const kid =
    gan.firstKid === null || gan.bestKid === null
      ? ''
      : `, KID ${gan.firstKid.toFixed(4)} to ${gan.bestKid.toFixed(4)} (${gan.featureSpace})`;
  const up = `deepstyle up${options.data === undefined ? '' : ` --data ${options.data}`}`;
  return [
    `photographs   ${photos.stored} stored, ${photos.duplicates} duplicates, ${photos.rejected} rejected`,
    `garments      ${result.garments}`,
    `gan           ${gan.outcome === 'none' ? (gan.detail ?? 'none') : `${gan.steps} steps${kid}`}`,
    `designs       ${result.designs} in ${result.collections} collection${result.collections === 1 ? '' : 's'}`,
    `trend batches ${result.trendBatches}`,
    ...result.trend.map((line) => `              ${line}`),
    `${duration(result.seconds)}. Look at it: ${up}`,
    '',
  ].join('\n');
}
