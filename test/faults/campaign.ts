import { setTimeout as sleep } from 'node:timers/promises';
import type { DisturbedSystem } from './disturbed-system.ts';
import type { Input } from './inputs.ts';
import { violationsOf } from './invariants.ts';
import { personAt } from './person.ts';
import type { Fault } from './schedule.ts';
import type { Snapshot, Violation } from './snapshot.ts';
import { commit, type Target } from './target.ts';
import { type StageName, Work } from './work.ts';

/** A fault whose time may count from when a stage of any run is so far rather than from the start. */
export interface TriggeredFault extends Fault {
  readonly after?: { readonly stage: StageName; readonly done: number };
}

export interface CampaignOptions {
  readonly faults: readonly TriggeredFault[];
  /** Runs are started until then, one every so often, as long as not too many are under way. */
  readonly startRuns: {
    readonly untilMs: number;
    readonly everyMs: number;
    readonly atOnce: number;
  };
  /** After the faults nothing may stand still for so long, ms. */
  readonly maxStillMs: number;
  readonly say: (line: string) => void;
}

export interface DoneFault extends Fault {
  /** From its end until what needs the target was of use again, ms. */
  readonly recoveryMs: number;
}

export interface CampaignOutcome {
  readonly faults: readonly DoneFault[];
  readonly runs: number;
  readonly violations: readonly Violation[];
}

const LOOK_MS = 300;
/** So long nothing may stand still before the stage that a fault waits for, ms. */
const MAX_STILL_BEFORE_MS = 150_000;
/** From one look at what is left at rest to the next. */
const REST_MS = 5_000;

/** Lets runs work while faults befall the system, waits until all is at rest, and looks at what stands then. */
export async function runCampaign(
  system: DisturbedSystem,
  inputs: readonly Input[],
  options: CampaignOptions,
): Promise<CampaignOutcome> {
  const work = new Work(system, inputs);
  const ended = new AbortController();
  const starting = startRuns(work, options, ended.signal);
  const looking = lookOften(work, ended.signal);
  try {
    const faults = await commitAll(system, work, options);
    await starting;
    return { faults, runs: work.runs, violations: await violationsAtRest(system, work, options) };
  } finally {
    ended.abort();
    await looking;
  }
}

/** Waits until all is at rest while `lookOften` goes on, and looks at what stands then. */
export async function violationsAtRest(
  system: DisturbedSystem,
  work: Work,
  options: Pick<CampaignOptions, 'maxStillMs' | 'say'>,
): Promise<readonly Violation[]> {
  work.forgive();
  const stuck = await waitForRuns(work, options.maxStillMs);
  options.say(`${work.runs} runs, ${stuck} of them stand still`);
  // What stands still has its messages too: they are no news.
  const maxStillMs = stuck > 0 ? 0 : options.maxStillMs;
  const snapshot = await snapshotAtRest(system, maxStillMs);
  return [...violationsOf(snapshot, work.expected()), ...(await notReady(system.targets))];
}

async function startRuns(
  work: Work,
  { startRuns: { untilMs, everyMs, atOnce } }: CampaignOptions,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  do {
    if (work.unfinished() < atOnce) work.add();
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  } while (!signal.aborted && performance.now() - startedAt < untilMs);
}

/** Follows the runs until the signal aborts. */
export async function lookOften(
  work: Work,
  signal: AbortSignal,
  everyMs: number = LOOK_MS,
): Promise<void> {
  while (!signal.aborted) {
    await work.look();
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

async function commitAll(
  system: DisturbedSystem,
  work: Work,
  { faults, say }: CampaignOptions,
): Promise<readonly DoneFault[]> {
  const targets = [...system.targets, personAt(system, work)];
  const startedAt = performance.now();
  return Promise.all(
    faults.map(async (fault): Promise<DoneFault> => {
      const { after, ...planned } = fault;
      if (after !== undefined) await hasReached(work, after);
      await sleep(fault.atMs);
      const target = targets.find(({ name }) => name === fault.target);
      if (target === undefined) throw new Error(`there is no ${fault.target}`);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      say(`${seconds} s: ${fault.kind} of ${fault.target} for ${fault.durationMs} ms`);
      return { ...planned, recoveryMs: await commit(planned, target) };
    }),
  );
}

async function hasReached(
  work: Work,
  { stage, done }: NonNullable<TriggeredFault['after']>,
): Promise<void> {
  while (!work.hasReached(stage, done)) {
    if (work.stillMs() > MAX_STILL_BEFORE_MS) throw new Error(`no run came to ${stage} ${done}`);
    await sleep(LOOK_MS / 5);
  }
}

/** How many runs have not ended when nothing has moved for so long. No clock but that one: a slow machine takes longer. */
async function waitForRuns(work: Work, maxStillMs: number): Promise<number> {
  while (work.unfinished() > 0 && work.stillMs() < maxStillMs) await sleep(LOOK_MS);
  return work.unfinished();
}

/** The snapshot once no message is under way any more, or none has moved for so long. */
async function snapshotAtRest(system: DisturbedSystem, maxStillMs: number): Promise<Snapshot> {
  let snapshot = await system.readSnapshot();
  let left = messagesLeft(snapshot);
  let movedAt = performance.now();
  while (left > 0 && performance.now() - movedAt < maxStillMs) {
    await sleep(REST_MS);
    snapshot = await system.readSnapshot();
    if (messagesLeft(snapshot) < left) movedAt = performance.now();
    left = messagesLeft(snapshot);
  }
  return snapshot;
}

function messagesLeft({ outboxes, queuedJobs, durables }: Snapshot): number {
  return (
    queuedJobs +
    outboxes.reduce((sum, { messages }) => sum + messages, 0) +
    durables.reduce((sum, { lag }) => sum + lag, 0)
  );
}

async function notReady(targets: readonly Target[]): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  for (const { name, isReady } of targets) {
    if (await isReady()) continue;
    found.push({ invariant: 'all is ready at the end', run: null, seen: `${name} is not ready` });
  }
  return found;
}
