import { DeepStyleError, describeError } from '@deepstyle/platform';
import type { MemoryBudget } from '@deepstyle/vision';
import { type CrashWatch, watchCrashes } from './crash-watch.ts';
import { CollectingInterruptedError, RejectedSourceError } from './errors.ts';
import { firstToAbort } from './first-to-abort.ts';
import type { Fetcher } from './http/fetcher.ts';
import { orderedMap } from './ordered-map.ts';
import type { Parser } from './parser/parser.ts';
import { inspectPhotograph } from './photograph.ts';
import type { Ports } from './ports.ts';
import { readyTogether } from './ready-together.ts';
import type { Run, RunSource } from './records.ts';
import {
  closeRun,
  failRun,
  knownKeys,
  type LedgerPorts,
  noteExpected,
  openRun,
  recordOutcomes,
} from './run-ledger.ts';
import { openSource } from './sources/source.ts';
import type { OpenedSource, RejectedItem, SourceItem } from './sources/source-item.ts';
import type { Spool } from './sources/spool.ts';
import { type Inspect, type Outcome, sourceKey, takePhoto } from './take-photo.ts';

/** How text and pictures from elsewhere are got and read. */
export interface Readers {
  readonly fetcher: Fetcher;
  readonly parser: Parser;
  readonly spool: Spool;
  /** Shared by all runs of the process. */
  readonly photoMemory: MemoryBudget;
  /** For a photograph with which the process may have been killed. */
  readonly inspectSuspect: Inspect;
  /** Sources of the run that this process has begun and not ended; see watchCrashes. */
  readonly atWork: Set<string>;
}

type CollectPorts = LedgerPorts & Pick<Ports, 'objects' | 'settings'>;

interface Collecting {
  readonly ports: CollectPorts;
  readonly run: Run;
  readonly readers: Pick<Readers, 'photoMemory' | 'inspectSuspect'>;
  readonly crashes: CrashWatch;
  /** Aborts once the run is no longer open. */
  readonly over: AbortController;
  /** Aborts then, and when the process stops. */
  readonly signal: AbortSignal;
}

const BATCH_SIZE = 50;
const BATCH_INTERVAL_MS = 1000;
const MAX_BEGUN_TOGETHER = 16;

/** @throws CollectingInterruptedError where the signal aborts, and what the stores throw; the run stays open then */
export async function collectRun(
  ports: CollectPorts,
  readers: Readers,
  runId: string,
  stopping: AbortSignal,
): Promise<void> {
  const run = await openRun(ports, runId);
  if (run === null) return;
  const over = new AbortController();
  // Each photograph that is taken waits for its host or for an answer.
  const signal = firstToAbort([stopping, over.signal], ports.settings.concurrency);
  const known = await knownKeys(ports, runId);
  const sources: OpenedSource[] = [];
  for (const source of run.sources) {
    sources.push(await opened(ports, run, source, readers, signal));
  }
  await noteExpected(ports, runId, expectedOf(sources));
  const crashes = await watchCrashes(ports, runId, readers.atWork);
  const collecting = { ports, run, readers, crashes, over, signal };
  const lost: RejectedItem[] = [];
  const taken = await takeAll(collecting, remaining(sources, known, lost), known.size);
  if (stopping.aborted) throw new CollectingInterruptedError(runId);
  // Canceled, it may be open again by now: whoever goes on with it closes it.
  if (over.signal.aborted) return;
  const { maxPhotos } = ports.settings;
  await closeRun(ports, runId, {
    detail: taken < maxPhotos ? null : limitReached(maxPhotos),
    incomplete: lost[0] === undefined ? null : `${lost[0].name} was not read: ${lost[0].reason}`,
  });
}

export async function giveUpRun(
  ports: LedgerPorts & Pick<Ports, 'logger'>,
  runId: string,
  error: unknown,
): Promise<void> {
  ports.logger.error({ runId, error }, 'collecting for a run was given up');
  const reason = error instanceof DeepStyleError ? error.message : describeError(error);
  await failRun(ports, runId, `Collecting was given up: ${reason}`);
}

/** A source that cannot be opened any more is one rejected item, as the other sources still count. */
async function opened(
  { settings }: CollectPorts,
  run: Run,
  source: RunSource,
  readers: Readers,
  signal: AbortSignal,
): Promise<OpenedSource> {
  try {
    return await openSource(source, { run, ...readers, settings, signal });
  } catch (thrown) {
    const error = DeepStyleError.from(thrown);
    if (error.retryable) throw thrown;
    const item: SourceItem = {
      kind: 'rejected',
      key: `source:${source.location}`,
      name: source.location,
      code: error instanceof RejectedSourceError ? error.rejection : 'UNREADABLE',
      reason: error.message,
      isLost: error instanceof RejectedSourceError && error.isLost,
      isSource: true,
    };
    return { expected: 1, items: [item] };
  }
}

function expectedOf(sources: readonly OpenedSource[]): number | null {
  let sum = 0;
  for (const { expected } of sources) {
    if (expected === null) return null;
    sum += expected;
  }
  return sum;
}

/** The items of all sources, each key once, without those that have an outcome. Notes whole sources that are lost. */
async function* remaining(
  sources: readonly OpenedSource[],
  known: ReadonlySet<string>,
  lost: RejectedItem[],
): AsyncGenerator<SourceItem> {
  const seen = new Set(known);
  for (const source of sources) {
    for await (const item of source.items) {
      if (item.kind === 'rejected' && item.isSource === true && item.isLost === true) {
        lost.push(item);
      }
      const key = sourceKey(item.key);
      if (seen.has(key)) continue;
      seen.add(key);
      yield item;
    }
  }
}

/**
 * Takes the sources, those last and one by one with which the process was killed, and inspects each in a process of its own:
 * the others are safe then, and it is known which one it was. Returns how many are taken in all, at most the limit of a run.
 */
async function takeAll(
  collecting: Collecting,
  items: AsyncGenerator<SourceItem>,
  alreadyTaken: number,
): Promise<number> {
  const { ports, readers, crashes, signal } = collecting;
  const suspects: SourceItem[] = [];
  let taken = alreadyTaken;
  try {
    taken = await takeMany(collecting, begun(items, crashes, suspects), taken);
    // Those that are likelier to be innocent first.
    for (const suspect of suspects.sort((a, b) => crashes.killsWith(a) - crashes.killsWith(b))) {
      if (signal.aborted || taken >= ports.settings.maxPhotos) break;
      const item = crashes.judged(suspect);
      await crashes.begin([item]);
      await record(collecting, [await takeOne(collecting, item, readers.inspectSuspect)]);
      taken += 1;
    }
  } finally {
    await crashes.putBack();
  }
  return taken;
}

/** The items but for suspects, once they are noted as begun. */
async function* begun(
  items: AsyncGenerator<SourceItem>,
  crashes: CrashWatch,
  suspects: SourceItem[],
): AsyncGenerator<SourceItem> {
  for await (const group of readyTogether(items, MAX_BEGUN_TOGETHER)) {
    suspects.push(...group.filter((item) => crashes.killsWith(item) > 0));
    const others = group.filter((item) => crashes.killsWith(item) === 0);
    await crashes.begin(others);
    yield* others;
  }
}

async function takeMany(
  collecting: Collecting,
  items: AsyncGenerator<SourceItem>,
  alreadyTaken: number,
): Promise<number> {
  const { ports, signal } = collecting;
  const { settings, clock } = ports;
  const outcomes = orderedMap(items, settings.concurrency, (item) =>
    takeOne(collecting, item, inspectPhotograph),
  );
  let batch: Outcome[] = [];
  let flushedAt = clock().getTime();
  let taken = alreadyTaken;
  try {
    for await (const outcome of outcomes) {
      batch.push(outcome);
      taken += 1;
      if (taken >= settings.maxPhotos || signal.aborted) break;
      if (batch.length < BATCH_SIZE && clock().getTime() - flushedAt < BATCH_INTERVAL_MS) continue;
      const ready = batch;
      batch = [];
      if (!(await record(collecting, ready))) return taken;
      flushedAt = clock().getTime();
    }
  } finally {
    // Also where a source or the process ends the work early: what is done need not be done again.
    await record(collecting, batch);
  }
  return taken;
}

function takeOne(
  { ports, run, readers: { photoMemory }, signal }: Collecting,
  item: SourceItem,
  inspect: Inspect,
): Promise<Outcome> {
  const { objects, settings } = ports;
  return takePhoto(item, run, { objects, settings, photoMemory, inspect }, signal);
}

/** False where the run is no longer open. */
async function record(
  { ports, run, crashes, over }: Collecting,
  outcomes: readonly Outcome[],
): Promise<boolean> {
  const isOpen = await recordOutcomes(ports, run.id, outcomes);
  if (isOpen) crashes.ended(outcomes.map(({ key }) => key));
  else over.abort();
  return isOpen;
}

function limitReached(maxPhotos: number): string {
  return `Stopped at ${maxPhotos} sources, the limit of a run (SCRAPER_MAX_PHOTOS).`;
}
