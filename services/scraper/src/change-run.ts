/** What a person may ask for a run once it is started. Each change has a number, and every service hears of it. */
import { NotFoundError } from '@deepstyle/platform';
import type { Transaction } from '@deepstyle/storage';
import { RunCanceledError, RunNotCanceledError, RunStillCollectingError } from './errors.ts';
import type { Ports } from './ports.ts';
import { deleteRejections, isRunId, lockRun, type Run, updateRun } from './records.ts';
import { runChanged, scrapeCompleted } from './run-ledger.ts';
import { SCRAPE_JOB } from './start-run.ts';

type ChangePorts = Pick<Ports, 'database' | 'outbox' | 'clock'>;

/** @throws NotFoundError */
export function cancelRun(ports: ChangePorts, runId: string): Promise<Run> {
  return withRun(ports, 'scraper.cancelRun', runId, async (tx, run) =>
    run.canceledAt === null ? saveChange(tx, ports, run, { canceledAt: ports.clock() }) : run,
  );
}

/** @throws RunNotCanceledError, NotFoundError */
export function resumeRun(ports: ChangePorts, runId: string): Promise<Run> {
  return withRun(ports, 'scraper.resumeRun', runId, async (tx, run) => {
    if (run.canceledAt === null) throw new RunNotCanceledError(runId);
    const resumed = await saveChange(tx, ports, run, { canceledAt: null });
    if (resumed.state === 'RUNNING') await enqueueScrape(tx, ports, resumed);
    return resumed;
  });
}

/** @throws RunCanceledError, RunStillCollectingError, NotFoundError */
export function retryRun(ports: ChangePorts, runId: string): Promise<Run> {
  return withRun(ports, 'scraper.retryRun', runId, async (tx, run) => {
    if (run.canceledAt !== null) throw new RunCanceledError(runId);
    if (run.state === 'RUNNING') throw new RunStillCollectingError(runId);
    const retries = run.retries + 1;
    if (run.state === 'DONE' && run.rejected === 0) {
      const retried = await saveChange(tx, ports, run, { retries });
      // Its sources are all taken: what failed, failed later.
      const { data, id } = scrapeCompleted(retried, null);
      await ports.outbox.publish(tx, 'deepstyle.scrape.completed.v1', data, id);
      return retried;
    }
    await deleteRejections(tx, runId);
    const open = { state: 'RUNNING', detail: null, rejected: 0, lost: 0 } as const;
    const retried = await saveChange(tx, ports, run, { retries, ...open });
    await enqueueScrape(tx, ports, retried);
    return retried;
  });
}

function withRun(
  { database }: ChangePorts,
  holder: string,
  runId: string,
  change: (tx: Transaction, run: Run) => Promise<Run>,
): Promise<Run> {
  return database.transaction(holder, async (tx) => {
    const run = isRunId(runId) ? await lockRun(tx, runId) : null;
    if (run === null) throw new NotFoundError('run', runId);
    return change(tx, run);
  });
}

async function saveChange(
  tx: Transaction,
  { outbox, clock }: ChangePorts,
  run: Run,
  change: Partial<Pick<Run, 'canceledAt' | 'retries' | 'state' | 'detail' | 'rejected' | 'lost'>>,
): Promise<Run> {
  const numbered = { ...change, revision: run.revision + 1, updatedAt: clock() };
  await updateRun(tx, run.id, numbered);
  const changed = { ...run, ...numbered };
  const { data, id } = runChanged(changed);
  await outbox.publish(tx, 'deepstyle.run.changed.v1', data, id);
  return changed;
}

/** A job of its own for each change, as the bus drops a second one of an id. */
function enqueueScrape(
  tx: Transaction,
  { outbox }: ChangePorts,
  { id, revision }: Run,
): Promise<void> {
  return outbox.enqueue(tx, SCRAPE_JOB, { runId: id }, `${SCRAPE_JOB}:${id}:${revision}`);
}
