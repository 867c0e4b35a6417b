import { DeepStyleError } from '@deepstyle/platform';
import { freeBytesOf } from '@deepstyle/service/data-folder';
import { lettersByRun } from '../dead-letters.ts';
import { found, type GraphClient } from '../graph-client.ts';
import { ProgressView } from '../output/progress-view.ts';
import { awaitedLetters, standOf } from '../output/run-report.ts';
import { say } from '../output/say.ts';
import { WITHOUT_DETECTOR } from '../output/without-detector.ts';
import {
  CANCEL_RUN,
  PUBLISH_INCOMPLETE_RUN,
  RESUME_RUN,
  RETRY_RUN,
  RUN_PROGRESS,
  RUN_RESULT,
  type RunProgressView,
  type RunView,
  START_RUN,
  type StartRunInput,
} from '../run-queries.ts';
import { untilEnd } from './follow.ts';
import { interruptedWork } from './interrupted-work.ts';
import { photosDigest } from './photos-digest.ts';

// The embedded database needs room for its next log segment (16 MB).
const MIN_FREE_BYTES = 20e6;
// Ten seconds: dead letters are few, and stay.
const LOOKS_FOR_LETTERS = 20;
// A minute: a publishing that has not heard by then waits for something that is away.
const MAX_LOOKS_FOR_CANCEL = 120;

class RunRefusedError extends DeepStyleError {
  constructor(messages: readonly string[]) {
    super({ code: 'INVALID_ARGUMENT', reason: 'RUN_REFUSED', message: messages.join('\n') });
  }
}

class DiskFullError extends DeepStyleError {
  constructor(dataFolder: string) {
    super({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'DISK_FULL',
      message: `The disk of the data folder ${dataFolder} is full. Make room; the same command goes on from here.`,
    });
  }
}

/** The mutation's input without its key. */
export type RunInput = Omit<StartRunInput, 'idempotencyKey'>;

/** Where a person watches a run. */
interface Watching {
  readonly view: ProgressView;
  /** Told of its id once it is begun, or changed as was asked: from then on it goes on by itself. */
  onBegun(runId: string): void;
}

const watchingHere = (): Watching => ({
  view: new ProgressView(process.stderr),
  onBegun: () => {},
});

/**
 * Starts a run, or goes on with the same one that was interrupted, and follows it to its end. Says which run it is. Where the photographs have changed since, or that run has ended, it is a new run.
 *
 * @throws RunRefusedError, GraphRequestError, DiskFullError
 */
export async function startAndFollow(
  graph: GraphClient,
  input: RunInput,
  dataFolder: string,
  watching = watchingHere(),
): Promise<RunView> {
  const memo = interruptedWork(dataFolder, 'run', input, await photosDigest(input.sources));
  if (memo.hasChanged)
    say('The photographs have changed since this command was interrupted: a new run begins.\n');
  const { startRun } = await graph.request(START_RUN, {
    input: { ...input, idempotencyKey: memo.key },
  });
  if (startRun.run === null) {
    memo.forget();
    throw new RunRefusedError(
      startRun.userErrors.map(({ code, message }) =>
        code === 'DETECTOR_NOT_TRAINED' ? WITHOUT_DETECTOR : message,
      ),
    );
  }
  const { id, createdAt } = startRun.run;
  if (memo.isEarlier) {
    if (hasEnded(found((await graph.request(RUN_PROGRESS, { id })).run, 'run'))) {
      memo.forget();
      say(`The run ${id} of this command, begun at ${createdAt}, has ended: a new run begins.\n`);
      return startAndFollow(graph, input, dataFolder, watching);
    }
    say(`Goes on with run ${id}, begun at ${createdAt}: this command was interrupted.\n`);
  } else say(`Run ${id}, season ${input.season}.\n`);
  watching.onBegun(id);
  const run = await follow(graph, { id, dataFolder, view: watching.view });
  memo.forget();
  return run;
}

/** What may be asked for a run that was started. */
const CHANGES = {
  publish: async (graph: GraphClient, input: { readonly run: string }) =>
    (await graph.request(PUBLISH_INCOMPLETE_RUN, { input })).publishIncompleteRun,
  cancel: async (graph: GraphClient, input: { readonly run: string }) =>
    (await graph.request(CANCEL_RUN, { input })).cancelRun,
  resume: async (graph: GraphClient, input: { readonly run: string }) =>
    (await graph.request(RESUME_RUN, { input })).resumeRun,
  retry: async (graph: GraphClient, input: { readonly run: string }) =>
    (await graph.request(RETRY_RUN, { input })).retryRun,
};
export type RunChange = keyof typeof CHANGES;

/**
 * What tells that a change which is refused was made all the same: the answer to it was lost, and it was asked for again.
 * On a machine that is too slow that happens.
 */
const WAS_MADE: Readonly<
  Record<RunChange, (before: RunProgressView, after: RunProgressView) => boolean>
> = {
  publish: (before, after) =>
    before.publishing?.state === 'HELD' &&
    after.publishing?.state !== 'HELD' &&
    after.canceledAt === null,
  cancel: (_, { canceledAt }) => canceledAt !== null,
  resume: (before, after) => before.canceledAt !== null && after.canceledAt === null,
  retry: (before, after) =>
    before.scraping.state !== 'RUNNING' && after.scraping.state === 'RUNNING',
};

/** @param before the run as it was @throws RunRefusedError, GraphRequestError */
async function change(
  graph: GraphClient,
  asked: RunChange,
  id: string,
  before: RunProgressView | null,
): Promise<void> {
  // Of a run that nothing has been published of yet, publishing itself knows nothing.
  if (asked === 'publish' && before !== null && before.publishing?.state !== 'HELD')
    throw new RunRefusedError([
      `The run ${id} is not held, so there is nothing to let go on. Where it stands: ${standOf(before)}.`,
    ]);
  const { userErrors } = await CHANGES[asked](graph, { run: id });
  if (userErrors.length === 0) return;
  const { run: after } = await graph.request(RUN_PROGRESS, { id });
  if (before !== null && after !== null && WAS_MADE[asked](before, after)) return;
  throw new RunRefusedError(userErrors.map(({ message }) => message));
}

/**
 * Asks for a change of a run, and follows the run to its end.
 *
 * @throws RunRefusedError, GraphRequestError, DiskFullError
 */
export async function changeAndFollow(
  graph: GraphClient,
  asked: Exclude<RunChange, 'cancel'>,
  runId: string,
  dataFolder: string,
  { view, onBegun } = watchingHere(),
): Promise<RunView> {
  const { run } = await graph.request(RUN_PROGRESS, { id: runId });
  await change(graph, asked, runId, run);
  onBegun(runId);
  // A retry begins at the other end of the pipeline: for a while publishing stands as it has ended before.
  const endedBefore = asked === 'retry' ? run?.publishing?.updatedAt : undefined;
  return follow(graph, { id: runId, dataFolder, view }, endedBefore);
}

/**
 * Stops a run. False where it has ended, and nothing was changed.
 *
 * @throws RunRefusedError, GraphRequestError
 */
export async function cancelUnlessEnded(graph: GraphClient, runId: string): Promise<boolean> {
  const { run } = await graph.request(RUN_PROGRESS, { id: runId });
  if (hasPublished(run)) return false;
  await change(graph, 'cancel', runId, run);
  if (!(await endedAllTheSame(graph, runId))) return true;
  // So that it can be retried like every run that has ended.
  await change(graph, 'resume', runId, null);
  return false;
}

/** Whether publishing had ended before it heard that the run is canceled. */
function endedAllTheSame(graph: GraphClient, id: string): Promise<boolean> {
  let looks = 0;
  return untilEnd(async () => {
    const { run } = await graph.request(RUN_PROGRESS, { id });
    looks += 1;
    if (hasPublished(run)) return true;
    const { state, updatedAt = null } = run?.publishing ?? {};
    // Nothing of the run has come to it, or it has heard.
    const isSettled = updatedAt === null || state === 'CANCELED' || looks >= MAX_LOOKS_FOR_CANCEL;
    return isSettled ? false : null;
  });
}

/** Whether publishing has ended; a held run is not at its end. */
function hasPublished(run: RunProgressView | null): boolean {
  const state = run?.publishing?.state;
  return state !== undefined && state !== 'HELD' && ENDS.has(state);
}

/** States of publishing in which a run goes no further by itself. */
const ENDS: ReadonlySet<string> = new Set(['DONE', 'HELD', 'FAILED', 'SKIPPED']);

function isOver({ publishing, canceledAt }: RunProgressView, endedBefore?: string | null): boolean {
  if (canceledAt !== null) return true;
  return publishing !== null && ENDS.has(publishing.state) && publishing.updatedAt !== endedBefore;
}

function hasEnded(run: RunProgressView): boolean {
  return isOver(run) || run.scraping.state === 'FAILED';
}

interface Followed {
  readonly id: string;
  readonly dataFolder: string;
  readonly view: ProgressView;
}

/** @param endedBefore when publishing ended that is to end once more */
function follow(
  graph: GraphClient,
  { id, dataFolder, view }: Followed,
  endedBefore?: string | null,
): Promise<RunView> {
  let looks = 0;
  let letters = 0;
  return untilEnd(async () => {
    if (freeBytesOf(dataFolder) < MIN_FREE_BYTES) throw new DiskFullError(dataFolder);
    const run = found((await graph.request(RUN_PROGRESS, { id })).run, 'run');
    looks += 1;
    if (looks % LOOKS_FOR_LETTERS === 0) letters = (await lettersByRun(graph)).get(id) ?? 0;
    view.show(run, Date.now(), awaitedLetters(letters, undefined));
    if (!isOver(run, endedBefore)) return null;
    return found((await graph.request(RUN_RESULT, { id })).run, 'run');
  });
}
