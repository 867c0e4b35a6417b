import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DeepStyleError, type Environment } from '@deepstyle/platform';
import { type Options, UsageError } from './command-line.ts';
import { createGraphClient, type GraphClient } from './graph-client.ts';
import { callerFolder, dataFolderOf, openInstance } from './instance.ts';
import { onInterrupt } from './interrupt.ts';
import { watchPeakMemory } from './peak-memory.ts';
import { duration, ProgressView } from './progress.ts';
import { RUN_PROGRESS, RUN_RESULT, type RunView, START_RUN } from './run-queries.ts';
import { type RunResult, resultOf } from './run-result.ts';

const POLL_EVERY_MS = 500;

class RunRefusedError extends DeepStyleError {
  constructor(messages: readonly string[]) {
    super({ code: 'INVALID_ARGUMENT', reason: 'RUN_REFUSED', message: messages.join('\n') });
  }
}

/** `deepstyle run`: photographs to a trend batch. Exit code 1 where no photograph could be stored. */
export async function runCommand(options: Options, environment: Environment): Promise<number> {
  if (options.photos === undefined) throw new UsageError('run needs --photos SOURCE.');
  if (options.season === undefined)
    throw new UsageError('run needs --season SEASON, e.g. --season FW2019.');
  const startedMs = Date.now();
  const dataFolder = dataFolderOf(options.data, environment);
  const memory = watchPeakMemory();
  const instance = await openInstance(environment, dataFolder);
  const interrupt = onInterrupt(() => instance.close());
  try {
    if (!options.json) process.stderr.write(`The page: ${instance.url}\n`);
    const graph = createGraphClient(instance);
    const run = await startAndFollow(
      graph,
      runInput(options, options.photos, environment),
      dataFolder,
    );
    const seconds = (Date.now() - startedMs) / 1000;
    const result = {
      ...resultOf(run),
      seconds: Math.round(seconds * 10) / 10,
      peakMb: memory.stop(),
    };
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : summary(result, seconds));
    return result.photos.stored > 0 && result.trendBatches > 0 ? 0 : 1;
  } finally {
    interrupt.release();
    await instance.close();
  }
}

/** The mutation's input without its key. */
export type RunInput = Readonly<Record<string, unknown>>;

function runInput(options: Options, photos: string, environment: Environment): RunInput {
  return {
    season: options.season,
    sources: [sourceOf(photos, callerFolder(environment))],
    ...(options.brand === undefined ? {} : { brand: options.brand }),
    ...(options.detector === undefined ? {} : { detector: options.detector }),
    gan: { steps: options.steps ?? null, skip: options.skipGan },
  };
}

/** A URL is a page unless it ends like a manifest; anything else is a path. */
export function sourceOf(photos: string, folder: string): Readonly<Record<string, string>> {
  const isUrl = /^https?:\/\//.test(photos);
  const where = isUrl ? photos : resolve(folder, photos);
  if (/\.(jsonl|ndjson)$/.test(photos)) return { manifest: where };
  return isUrl ? { url: where } : { folder: where };
}

/** Starts a run, or goes on with the same one that was interrupted, and follows it to its end. */
export async function startAndFollow(
  graph: GraphClient,
  input: RunInput,
  dataFolder: string,
): Promise<RunView> {
  const memo = interruptedRun(dataFolder, input);
  const { startRun } = await graph.request<{
    startRun: { run: { id: string } | null; userErrors: { message: string }[] };
  }>(START_RUN, { input: { ...input, idempotencyKey: memo.key } });
  if (startRun.run === null) {
    memo.forget();
    throw new RunRefusedError(startRun.userErrors.map(({ message }) => message));
  }
  const run = await follow(graph, startRun.run.id);
  memo.forget();
  return run;
}

async function follow(graph: GraphClient, id: string): Promise<RunView> {
  const view = new ProgressView(process.stderr);
  for (;;) {
    const { run } = await graph.request<{ run: RunView }>(RUN_PROGRESS, { id });
    view.show(run, Date.now());
    if (run.publishing !== null && ['DONE', 'FAILED', 'SKIPPED'].includes(run.publishing.state))
      break;
    await new Promise((wake) => setTimeout(wake, POLL_EVERY_MS));
  }
  return (await graph.request<{ run: RunView }>(RUN_RESULT, { id })).run;
}

/**
 * The idempotency key of a run, kept in the data folder until the run ends: the same command after Ctrl-C, a crash or
 * a power cut goes on with the run it began.
 */
function interruptedRun(
  dataFolder: string,
  input: RunInput,
): { readonly key: string; forget(): void } {
  const digest = createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 16);
  const file = join(dataFolder, `run-${digest}.key`);
  mkdirSync(dataFolder, { recursive: true });
  const forget = (): void => rmSync(file, { force: true });
  try {
    return { key: readFileSync(file, 'utf8'), forget };
  } catch {
    const key = randomUUID();
    writeFileSync(file, key);
    return { key, forget };
  }
}

function summary(result: RunResult, seconds: number): string {
  const { photos, gan } = result;
  const kid =
    gan.firstKid === null || gan.bestKid === null
      ? ''
      : `, KID ${gan.firstKid.toFixed(4)} to ${gan.bestKid.toFixed(4)} (${gan.featureSpace})`;
  return [
    `photographs   ${photos.stored} stored, ${photos.duplicates} duplicates, ${photos.rejected} rejected`,
    `garments      ${result.garments}`,
    `gan           ${gan.steps} steps${kid}`,
    `designs       ${result.designs} in ${result.collections} collection${result.collections === 1 ? '' : 's'}`,
    `trend batches ${result.trendBatches}`,
    ...result.trend.map((line) => `              ${line}`),
    `${duration(seconds)}. Look at it: deepstyle up`,
    '',
  ].join('\n');
}
