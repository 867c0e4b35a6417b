/**
 * The loop around a training step: how many steps, at which rate, when to save, when to stop. Nothing in it knows what
 * is trained. What a step does follows from its number and from what the checkpoint holds, so that a training resumed
 * from a checkpoint goes on as if it had never stopped.
 */
import { createLossWindow, type TrainingProgress } from '@deepstyle/service/training-jobs';
import { learningRateAt, type Rates, refitted, type Schedule, wholeSchedule } from './schedule.ts';

/** All that a checkpoint must say besides the weights. */
export interface Position {
  /** Steps done. */
  readonly step: number;
  /** Seconds spent on them over all attempts, compilation included. */
  readonly seconds: number;
  /** Null before the first step. */
  readonly schedule: Schedule | null;
}

export const START: Position = { step: 0, seconds: 0, schedule: null };

export interface LoopPlan extends Rates {
  /** Steps wanted; fewer are done only where they would take longer than `maxSeconds`. */
  readonly wantedSteps: number;
  /** Null: no limit. */
  readonly maxSeconds: number | null;
  /** Longest time between two checkpoints. */
  readonly checkpointSeconds: number;
  readonly progressSeconds: number;
}

export interface LoopPorts<Losses extends Readonly<Record<string, number>>> {
  /** Does step number `step`, from 0. */
  readonly step: (step: number, learningRate: number) => Promise<Losses>;
  readonly checkpoint: (position: Position) => Promise<void>;
  readonly progress: (progress: TrainingProgress<Losses>) => Promise<void>;
  /** Seconds, from any origin. */
  readonly now: () => number;
  /** `now()` when the attempt began, before anything was compiled. */
  readonly startedAt: number;
}

/** Steps that are slow because they are the first, and tell nothing of the speed. */
const WARM_UP_STEPS = 2;
/** Part of the time that is left for saving. */
const RESERVE_SHARE = 0.03;
/** The speed is looked at after so long, and again: a part of a short time. */
const LOOK_SECONDS = 8;
const LOOK_SHARE = 0.06;
/** A schedule that misses the end by more than this part of what is left is fitted anew. */
const REFIT_SHARE = 0.05;

/** A moment of the training. */
type Mark = Pick<Position, 'step' | 'seconds'>;

/**
 * Trains from `from` on until all steps are done, the time is up or `signal` aborts; in each case with a checkpoint.
 *
 * The rates are those of the steps that are wanted for as long as the time suffices for them, so that then the result does
 * not depend on the machine.
 */
export async function runLoop<Losses extends Readonly<Record<string, number>>>(
  plan: LoopPlan,
  from: Position,
  ports: LoopPorts<Losses>,
  signal: AbortSignal,
): Promise<{ readonly position: Position; readonly interrupted: boolean }> {
  const secondsNow = () => from.seconds + ports.now() - ports.startedAt;
  const window = createLossWindow<Losses>(ports.now);
  let position = { ...from, schedule: from.schedule ?? wholeSchedule(plan.wantedSteps) };
  let savedAt = ports.now();
  let looked: Mark = { step: from.step, seconds: secondsNow() };
  /** Seconds a step. */
  let fastest = Infinity;

  while (!isFinished(position, plan)) {
    if (signal.aborted) {
      await save();
      return { position, interrupted: true };
    }
    await advance();
    if (fit()) await save();
    if (window.seconds() >= plan.progressSeconds) await report();
    if (ports.now() - savedAt >= plan.checkpointSeconds) await save();
  }
  await report();
  await save();
  return { position, interrupted: false };

  async function advance(): Promise<void> {
    const { step, schedule } = position;
    if (step <= from.step + WARM_UP_STEPS) looked = { step, seconds: secondsNow() };
    const startedAt = ports.now();
    window.add(
      await ports.step(step, learningRateAt(step, schedule, plan)),
      ports.now() - startedAt,
    );
    position = { ...position, step: step + 1, seconds: secondsNow() };
  }

  /** Whether the schedule was made anew, which no checkpoint holds yet. */
  function fit(): boolean {
    const { step, seconds, schedule } = position;
    if (plan.maxSeconds === null || step <= from.step + WARM_UP_STEPS) return false;
    const { maxSeconds } = plan;
    if (seconds - looked.seconds < Math.min(LOOK_SECONDS, LOOK_SHARE * maxSeconds)) return false;
    const recent = (seconds - looked.seconds) / (step - looked.step);
    fastest = Math.min(fastest, recent);
    looked = { step, seconds };
    const stepsAt = (pace: number) => affordableSteps(plan, maxSeconds, position, pace);
    // A hiccup makes no machine slow: the plan is given up where the time would not suffice at the best pace, either.
    const expected = stepsAt(schedule.steps === plan.wantedSteps ? fastest : recent);
    const tolerated = REFIT_SHARE * (schedule.steps - step);
    if (Math.abs(expected - schedule.steps) <= tolerated) return false;
    position = { ...position, schedule: refitted(schedule, step, stepsAt(recent)) };
    return true;
  }

  async function report(): Promise<void> {
    if (window.isEmpty()) return;
    const { step, schedule } = position;
    await ports.progress({ step, steps: schedule.steps, ...window.take() });
  }

  async function save(): Promise<void> {
    position = { ...position, seconds: secondsNow() };
    await ports.checkpoint(position);
    savedAt = ports.now();
  }
}

function isFinished(
  { step, seconds, schedule }: Mark & { readonly schedule: Schedule },
  { maxSeconds }: LoopPlan,
): boolean {
  return step >= schedule.steps || (maxSeconds !== null && seconds >= maxSeconds);
}

/** As many as wanted, or as the time allows. */
function affordableSteps(
  { wantedSteps }: LoopPlan,
  maxSeconds: number,
  { step, seconds }: Mark,
  secondsPerStep: number,
): number {
  const secondsLeft = maxSeconds * (1 - RESERVE_SHARE) - seconds;
  const affordable = step + Math.floor(secondsLeft / Math.max(secondsPerStep, 1e-6));
  return Math.max(step, Math.min(wantedSteps, affordable));
}
