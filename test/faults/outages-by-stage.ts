import { setTimeout as sleep } from 'node:timers/promises';
import { lookOften, violationsAtRest } from './campaign.ts';
import type { DisturbedSystem } from './disturbed-system.ts';
import type { Input } from './inputs.ts';
import type { FaultKind } from './schedule.ts';
import type { Violation } from './snapshot.ts';
import { commit, type Target } from './target.ts';
import { STAGE_NAMES, type StageName, type Stages, Work } from './work.ts';

/** One target away for a while, in one stage of a run. */
export interface StageOutage {
  readonly stage: StageName;
  readonly target: string;
  /** Whether the stage was under way when the outage began and had not ended when it was first seen after that. */
  readonly fell: boolean;
  /** From its end until what needs the target was of use again, ms; null where no run was seen in that stage. */
  readonly recoveryMs: number | null;
}

export interface OutageOptions {
  readonly targets: readonly string[];
  readonly kind: FaultKind;
  readonly durationMs: number;
  /** Steps of each training, so that it lasts. */
  readonly steps: number;
  /** After the outages nothing may stand still for so long, ms. */
  readonly maxStillMs: number;
  readonly say: (line: string) => void;
}

export interface OutagesOutcome {
  /** For each target and stage one that fell into it, or one that did not. */
  readonly outages: readonly StageOutage[];
  readonly runs: number;
  readonly violations: readonly Violation[];
}

/** So many runs may miss a stage of a target before it is told as missed. */
const MAX_RUNS_PER_TARGET = 3;
const LOOK_MS = 50;

/** Takes each target away in each stage of a run, one outage after the other, and looks at what stands when all is at rest. */
export async function runOutages(
  system: DisturbedSystem,
  inputs: readonly Input[],
  options: OutageOptions,
): Promise<OutagesOutcome> {
  const work = new Work(system, inputs, options.steps);
  const ended = new AbortController();
  const looking = lookOften(work, ended.signal, LOOK_MS);
  try {
    const outages: StageOutage[] = [];
    for (const name of options.targets) {
      const target = system.targets.find((one) => one.name === name);
      if (target === undefined) throw new Error(`there is no ${name}`);
      outages.push(...(await outagesOf(target, work, options)));
    }
    return { outages, runs: work.runs, violations: await violationsAtRest(system, work, options) };
  } finally {
    ended.abort();
    await looking;
  }
}

async function outagesOf(
  target: Target,
  work: Work,
  options: OutageOptions,
): Promise<readonly StageOutage[]> {
  const outages = new Map<StageName, StageOutage>(
    STAGE_NAMES.map((stage) => [
      stage,
      { stage, target: target.name, fell: false, recoveryMs: null },
    ]),
  );
  const open = () => STAGE_NAMES.filter((stage) => outages.get(stage)?.fell !== true);
  for (let runs = 0; runs < MAX_RUNS_PER_TARGET && open().length > 0; runs += 1) {
    work.add();
    work.forgive();
    while (work.unfinished() > 0 && open().length > 0 && work.stillMs() < options.maxStillMs) {
      const stage = stageUnderWay(work.newest().stages, open());
      if (stage === null) await sleep(LOOK_MS);
      else outages.set(stage, await outageIn(stage, target, work, options));
    }
  }
  return [...outages.values()];
}

async function outageIn(
  stage: StageName,
  target: Target,
  work: Work,
  { kind, durationMs, maxStillMs, say }: OutageOptions,
): Promise<StageOutage> {
  const { name } = target;
  let seen: Promise<Stages | null> = Promise.resolve(null);
  const recoveryMs = await commit({ kind, target: name, durationMs }, target, () => {
    seen = firstSeenFromNow(work, maxStillMs + durationMs);
  });
  work.forgive();
  const fell = (await seen)?.[stage]?.state === 'RUNNING';
  say(`${name} was away in ${stage}${fell ? '' : ', which had ended before'}`);
  return { stage, target: name, fell, recoveryMs };
}

/** How far the newest run is when it is first asked from now on; null where nothing answers any more. */
async function firstSeenFromNow(work: Work, maxStillMs: number): Promise<Stages | null> {
  const nowMs = performance.now();
  while (work.newest().seenAt < nowMs) {
    if (work.stillMs() > maxStillMs) return null;
    await sleep(LOOK_MS);
  }
  return work.newest().stages;
}

/** The first of these stages that a run is in the middle of; null where it is in none. */
export function stageUnderWay(
  stages: Stages | null,
  among: readonly StageName[],
): StageName | null {
  const isUnderWay = (stage: StageName): boolean => {
    const { state, done } = stages?.[stage] ?? { state: 'WAITING', done: 0 };
    if (state !== 'RUNNING') return false;
    // Publishing also runs while garments come; its own part comes after the training.
    return stage === 'publishing' ? stages?.training?.state === 'DONE' : done > 0;
  };
  return among.find(isUnderWay) ?? null;
}
