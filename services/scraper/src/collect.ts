import { DeepStyleError, describeError, type Logger } from '@deepstyle/platform';
import type { ObjectStore, Transaction } from '@deepstyle/storage';
import type { ScraperSettings } from './config.ts';
import { CollectingInterruptedError, RejectedSourceError } from './errors.ts';
import { scrapeCompleted } from './event-data.ts';
import type { Fetcher } from './http/fetcher.ts';
import { orderedMap } from './ordered-map.ts';
import { type RecordPorts, recordOutcomes } from './record-outcomes.ts';
import {
  countRejections,
  findRuns,
  listRejections,
  listSourceKeys,
  lockRun,
  type Run,
  type RunSource,
  updateRun,
} from './records.ts';
import type { Finding, OpenSource } from './sources/finding.ts';
import { openSource } from './sources/open-source.ts';
import { type Outcome, sourceKey, takePhoto } from './take-photo.ts';

export interface CollectPorts extends RecordPorts {
  readonly objects: ObjectStore;
  readonly logger: Logger;
  readonly settings: ScraperSettings;
  /** A fetcher of its own for each run, so that robots.txt is read anew. */
  readonly createFetcher: () => Fetcher;
}

const BATCH_SIZE = 50;
const BATCH_INTERVAL_MS = 1000;
const KEY_PAGE = 10_000;

/**
 * Takes every source of a run that has no outcome yet, then closes the run. May be repeated after any interruption: what
 * was recorded is skipped.
 *
 * @throws CollectingInterruptedError where the signal aborts, and what the stores throw; the run stays open then
 */
export async function collectRun(
  ports: CollectPorts,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  const run = await openRun(ports, runId);
  if (run === null) return;
  const fetcher = ports.createFetcher();
  try {
    const known = await knownKeys(ports, runId);
    const sources: OpenSource[] = [];
    for (const source of run.sources) {
      sources.push(await opened(ports, run, source, fetcher, signal));
    }
    await noteExpected(ports, runId, sources);
    const limited = await takeAll(ports, run, remaining(sources, known), known.size, signal);
    if (signal.aborted) throw new CollectingInterruptedError(runId);
    await closeRun(ports, runId, limited ? limitReached(ports.settings.maxPhotos) : null);
  } finally {
    await fetcher.close();
  }
}

/** Closes a run that cannot be collected any further. What it has goes on its way. */
export async function giveUpRun(ports: CollectPorts, runId: string, error: unknown): Promise<void> {
  ports.logger.error({ runId, error }, 'collecting for a run was given up');
  await ports.database.transaction('scraper.giveUpRun', async (tx) => {
    const run = await lockRun(tx, runId);
    if (run?.state !== 'RUNNING') return;
    const told = error instanceof DeepStyleError ? error.message : describeError(error);
    await endRun(ports, tx, run, 'FAILED', `Collecting was given up: ${told}`.slice(0, 1000));
  });
}

async function openRun(ports: CollectPorts, runId: string): Promise<Run | null> {
  const [run] = await ports.database.transaction('scraper.openRun', (tx) => findRuns(tx, [runId]));
  return run?.state === 'RUNNING' ? run : null;
}

async function knownKeys(ports: CollectPorts, runId: string): Promise<Set<string>> {
  const known = new Set<string>();
  let after = '';
  for (;;) {
    const page = await ports.database.transaction('scraper.knownKeys', (tx) =>
      listSourceKeys(tx, runId, after, KEY_PAGE),
    );
    for (const key of page) known.add(key);
    if (page.length < KEY_PAGE) return known;
    after = page.at(-1) ?? after;
  }
}

/** A source that cannot be opened any more is one rejected finding, as the other sources still stand. */
async function opened(
  ports: CollectPorts,
  run: Run,
  source: RunSource,
  fetcher: Fetcher,
  signal: AbortSignal,
): Promise<OpenSource> {
  try {
    return await openSource(source, { run, fetcher, settings: ports.settings, signal });
  } catch (thrown) {
    const error = DeepStyleError.from(thrown);
    if (error.retryable) throw thrown;
    const finding: Finding = {
      kind: 'rejected',
      key: `source:${source.location}`,
      name: source.location,
      code: error instanceof RejectedSourceError ? error.rejection : 'UNREADABLE',
      reason: error.message,
    };
    return { expected: 1, findings: only(finding) };
  }
}

async function* only(finding: Finding): AsyncGenerator<Finding> {
  yield finding;
}

async function noteExpected(
  ports: CollectPorts,
  runId: string,
  sources: readonly OpenSource[],
): Promise<void> {
  let expected: number | null = 0;
  for (const source of sources) {
    expected = expected === null || source.expected === null ? null : expected + source.expected;
  }
  const at = ports.clock();
  await ports.database.transaction('scraper.noteExpected', (tx) =>
    updateRun(tx, runId, { expected, at }),
  );
}

/** The findings of all sources, each key once, without those that have an outcome. */
async function* remaining(
  sources: readonly OpenSource[],
  known: ReadonlySet<string>,
): AsyncGenerator<Finding> {
  const seen = new Set(known);
  for (const source of sources) {
    for await (const finding of source.findings) {
      const key = sourceKey(finding.key);
      if (seen.has(key)) continue;
      seen.add(key);
      yield finding;
    }
  }
}

/** True where it ended at the limit of sources in a run. */
async function takeAll(
  ports: CollectPorts,
  run: Run,
  findings: AsyncIterable<Finding>,
  alreadyTaken: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { settings, objects, clock } = ports;
  const outcomes = orderedMap(findings, settings.concurrency, (finding) =>
    takePhoto(finding, run, objects, settings, signal),
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

async function closeRun(ports: CollectPorts, runId: string, detail: string | null): Promise<void> {
  await ports.database.transaction('scraper.closeRun', async (tx) => {
    const run = await lockRun(tx, runId);
    if (run?.state !== 'RUNNING') return;
    if (run.stored > 0) await endRun(ports, tx, run, 'DONE', detail);
    else await endRun(ports, tx, run, 'FAILED', await nothingFound(tx, run));
  });
}

/** Closes the run and says so; without a photograph too, as the stages after it wait for that. */
async function endRun(
  { outbox, clock }: CollectPorts,
  tx: Transaction,
  run: Run,
  state: 'DONE' | 'FAILED',
  detail: string | null,
): Promise<void> {
  const expected = run.stored + run.duplicates + run.rejected;
  await updateRun(tx, run.id, { state, detail, expected, at: clock() });
  const { data, id } = scrapeCompleted(run);
  await outbox.publish(tx, 'deepstyle.scrape.completed.v1', data, id);
}

async function nothingFound(tx: Transaction, run: Run): Promise<string> {
  const [first] = await listRejections(tx, run.id, 1);
  if (first === undefined) {
    const places = run.sources.map(({ location }) => location).join(', ');
    return `No photograph of ${run.season} was found at ${places}.`;
  }
  const counts = await countRejections(tx, run.id);
  const codes = counts.map(({ code, count }) => `${count} x ${code}`).join(', ');
  return `None of ${run.rejected} sources gave a photograph: ${codes}. The first, ${first.name}: ${first.reason}`;
}
