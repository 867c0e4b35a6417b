import { DeepStyleError, describeError } from '@deepstyle/platform';
import { CollectingInterruptedError, RejectedSourceError } from './errors.ts';
import type { Fetcher } from './http/fetcher.ts';
import { orderedMap } from './ordered-map.ts';
import type { Parser } from './parser/parser.ts';
import type { Ports } from './ports.ts';
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
import type { OpenedSource, SourceItem } from './sources/source-item.ts';
import { type Outcome, sourceKey, takePhoto } from './take-photo.ts';

/** How text and pictures from elsewhere are got and read. */
export interface Readers {
  readonly fetcher: Fetcher;
  readonly parser: Parser;
}

type CollectPorts = LedgerPorts & Pick<Ports, 'objects' | 'settings'>;

const BATCH_SIZE = 50;
const BATCH_INTERVAL_MS = 1000;

/** @throws CollectingInterruptedError where the signal aborts, and what the stores throw; the run stays open then */
export async function collectRun(
  ports: CollectPorts,
  readers: Readers,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  const run = await openRun(ports, runId);
  if (run === null) return;
  const known = await knownKeys(ports, runId);
  const sources: OpenedSource[] = [];
  for (const source of run.sources) {
    sources.push(await opened(ports, run, source, readers, signal));
  }
  await noteExpected(ports, runId, expectedOf(sources));
  const limited = await takeAll(ports, run, remaining(sources, known), known.size, signal);
  if (signal.aborted) throw new CollectingInterruptedError(runId);
  await closeRun(ports, runId, limited ? limitReached(ports.settings.maxPhotos) : null);
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

/** The items of all sources, each key once, without those that have an outcome. */
async function* remaining(
  sources: readonly OpenedSource[],
  known: ReadonlySet<string>,
): AsyncGenerator<SourceItem> {
  const seen = new Set(known);
  for (const source of sources) {
    for await (const item of source.items) {
      const key = sourceKey(item.key);
      if (seen.has(key)) continue;
      seen.add(key);
      yield item;
    }
  }
}

/** True where it ended at the limit of sources in a run. */
async function takeAll(
  ports: CollectPorts,
  run: Run,
  items: AsyncGenerator<SourceItem>,
  alreadyTaken: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { settings, objects, clock } = ports;
  const outcomes = orderedMap(items, settings.concurrency, (item) =>
    takePhoto(item, run, objects, settings, signal),
  );
  let batch: Outcome[] = [];
  let flushedAt = clock().getTime();
  let taken = alreadyTaken;
  let limited = false;
  try {
    for await (const outcome of outcomes) {
      batch.push(outcome);
      taken += 1;
      limited = taken >= settings.maxPhotos;
      if (limited || signal.aborted) break;
      if (batch.length < BATCH_SIZE && clock().getTime() - flushedAt < BATCH_INTERVAL_MS) continue;
      const ready = batch;
      batch = [];
      if (!(await recordOutcomes(ports, run.id, ready))) return false;
      flushedAt = clock().getTime();
    }
  } finally {
    // Also where a source or the process ends the work early: what is done need not be done again.
    await recordOutcomes(ports, run.id, batch);
  }
  return limited;
}

function limitReached(maxPhotos: number): string {
  return `Stopped at ${maxPhotos} sources, the limit of a run (SCRAPER_MAX_PHOTOS).`;
}
