/**
 * The loop around a training step: how many steps, at which rate, when to save, when to stop. Nothing in it knows what
 * is trained. What a step does follows from its number and from what the checkpoint holds, so that a training resumed
 * from a checkpoint goes on as if it had never stopped.
 */
import { learningRateAt, type Rates, refitted, type Schedule, wholeSchedule } from './schedule.ts';

/** All that a checkpoint must say besides the weights. */
export interface Position {
  /** Steps done. */
  readonly step: number;
  /** Seconds spent on them over all attempts, compilation included. */
  readonly seconds: number;
  /** Null until the machine's speed is known. */
  readonly schedule: Schedule | null;
}

export const START: Position = { step: 0, seconds: 0, schedule: null };

export interface LoopPlan extends Rates {
  /** Steps wanted; fewer are done where they would take longer than `maxSeconds`. */
  readonly wantedSteps: number;
  /** Null: no limit. */
  readonly maxSeconds: number | null;
  /** Longest time between two checkpoints. */
  readonly checkpointSeconds: number;
  readonly progressSeconds: number;
}

export interface Progress<Losses> {
  readonly step: number;
  readonly steps: number;
  /** Means since the last report. */
  readonly losses: Losses;
  readonly stepsPerSecond: number;
}

export interface LoopPorts<Losses extends Readonly<Record<string, number>>> {
  /** Does step number `step`, from 0. */
  readonly step: (step: number, learningRate: number) => Promise<Losses>;
  readonly checkpoint: (position: Position) => Promise<void>;
  readonly progress: (progress: Progress<Losses>) => Promise<void>;
  /** Seconds, from any origin. */
  readonly now: () => number;
  /** `now()` when the attempt began, before anything was compiled. */
  readonly startedAt: number;
}

/** Steps that tell the speed, after those that are slow because they are the first. */
const WARM_UP_STEPS = 2;
const PROBE_STEPS = 12;
/** Part of the time that is left for saving. */
const RESERVE_SHARE = 0.03;
/** The speed is looked at again after so long; a schedule that misses the end by more than the share is fitted anew. */
const REFIT_SECONDS = 8;
const REFIT_SHARE = 0.05;

/** Trains from `from` on until all steps are done, the time is up or `signal` aborts; in each case with a checkpoint. */
export async function runLoop<Losses extends Readonly<Record<string, number>>>(
  plan: LoopPlan,
  from: Position,
  ports: LoopPorts<Losses>,
  signal: AbortSignal,
): Promise<{ readonly position: Position; readonly interrupted: boolean }> {
  const secondsNow = () => from.seconds + ports.now() - ports.startedAt;
  const window = createWindow<Losses>(ports.now);
  let position = plan.maxSeconds === null ? planned(from, plan.wantedSteps) : from;
  let savedAt = ports.now();
  let timed = { step: from.step, seconds: secondsNow() };

  while (!isFinished(position, plan)) {
    if (signal.aborted) {
      await save();
      return { position, interrupted: true };
    }
    await advance();
    if (await fit()) await save();
    if (window.seconds() >= plan.progressSeconds) await report();
    if (ports.now() - savedAt >= plan.checkpointSeconds) await save();
  }
  await report();
  await save();
  return { position, interrupted: false };

  async function advance(): Promise<void> {
    if (position.step <= from.step + WARM_UP_STEPS) {
      timed = { step: position.step, seconds: secondsNow() };
    }
    const { step, schedule } = position;
    const startedAt = ports.now();
    window.add(
      await ports.step(step, learningRateAt(step, schedule, plan)),
      ports.now() - startedAt,
    );
    position = { ...position, step: step + 1, seconds: secondsNow() };
  }

  /** Whether a schedule was made that no checkpoint holds yet. */
  async function fit(): Promise<boolean> {
    const { step, seconds, schedule } = position;
    if (plan.maxSeconds === null) return false;
    const isProbed = step - from.step >= Math.min(PROBE_STEPS, plan.wantedSteps);
    const isDue = schedule === null ? isProbed : seconds - timed.seconds >= REFIT_SECONDS;
    if (!isDue) return false;
    const steps = affordableSteps(plan, plan.maxSeconds, position, timed);
    timed = { step, seconds };
    if (schedule === null) {
      position = planned(position, steps);
      return true;
    }
    const left = schedule.steps - step;
    if (Math.abs(steps - schedule.steps) <= REFIT_SHARE * left) return false;
    position = { ...position, schedule: refitted(schedule, step, steps) };
    return true;
  }

  async function report(): Promise<void> {
    if (window.isEmpty()) return;
    const steps = position.schedule?.steps ?? plan.wantedSteps;
    await ports.progress({ step: position.step, steps, ...window.take() });
  }

  async function save(): Promise<void> {
    position = { ...position, seconds: secondsNow() };
    await ports.checkpoint(position);
    savedAt = ports.now();
  }
}

function planned(position: Position, steps: number): Position {
  return position.schedule === null ? { ...position, schedule: wholeSchedule(steps) } : position;
}

function isFinished({ step, seconds, schedule }: Position, { maxSeconds }: LoopPlan): boolean {
  if (schedule === null) return false;
  return step >= schedule.steps || (maxSeconds !== null && seconds >= maxSeconds);
}

/** As many as wanted, or as the time allows at the speed since `timed`. */
function affordableSteps(
  { wantedSteps }: LoopPlan,
  maxSeconds: number,
  { step, seconds }: Position,
  timed: { readonly step: number; readonly seconds: number },
): number {
  if (step <= timed.step) return wantedSteps;
  const secondsPerStep = (seconds - timed.seconds) / (step - timed.step);
  const secondsLeft = maxSeconds * (1 - RESERVE_SHARE) - seconds;
  const affordable = step + Math.floor(secondsLeft / Math.max(secondsPerStep, 1e-6));
  return Math.max(step, Math.min(wantedSteps, affordable));
}

/** Means of the losses since the last report. */
function createWindow<Losses extends Readonly<Record<string, number>>>(now: () => number) {
  let since = now();
  let count = 0;
  let stepSeconds = 0;
  let sums: Record<string, number> = {};
  return {
    isEmpty: () => count === 0,
    add(losses: Losses, seconds: number): void {
      count += 1;
      stepSeconds += seconds;
      for (const [name, value] of Object.entries(losses)) sums[name] = (sums[name] ?? 0) + value;
    },
    seconds: () => now() - since,
    take(): { losses: Losses; stepsPerSecond: number } {
      const losses = Object.fromEntries(
        Object.entries(sums).map(([name, sum]) => [name, sum / count]),
      ) as unknown as Losses;
      const stepsPerSecond = count / Math.max(stepSeconds, 1e-9);
      since = now();
      count = 0;
      stepSeconds = 0;
      sums = {};
      return { losses, stepsPerSecond };
    },
  };
}
