/**
 * The loop around a training step: how many steps, when to measure, when to save, when to stop. Nothing in it knows what
 * is trained. Everything that decides over the weights is a function of the step number, so that a training resumed
 * from a checkpoint equals one that was never interrupted.
 */
import { createLossWindow, type TrainingProgress } from '@deepstyle/service/training-jobs';

/** All that a checkpoint must say besides the weights. */
export interface Position {
  /** Steps done. */
  readonly step: number;
  /** Seconds spent on them, over all attempts. */
  readonly seconds: number;
  /** Steps to do in all; null until the machine's speed is known. */
  readonly steps: number | null;
  /** The distance before the first step. */
  readonly firstDistance: number | null;
  /** The distance measured last. */
  readonly lastDistance: number | null;
  /** The measured step with the lowest distance in the second half of the steps; null before it. */
  readonly best: { readonly step: number; readonly distance: number } | null;
}

export const START: Position = {
  step: 0,
  seconds: 0,
  steps: null,
  firstDistance: null,
  lastDistance: null,
  best: null,
};

export interface LoopPlan {
  /** Steps wanted; fewer are done where they would take longer than `maxSeconds`. */
  readonly wantedSteps: number;
  readonly maxSeconds: number;
  /** Longest distance between two measured checkpoints, in steps. */
  readonly measureSteps: number;
  /** Longest time between two checkpoints. */
  readonly checkpointSeconds: number;
  readonly progressSeconds: number;
}

export interface Progress<Losses> extends TrainingProgress<Losses> {
  readonly position: Position;
}

export interface LoopPorts<Losses extends Readonly<Record<string, number>>> {
  /** Does step number `step` (from 0) of `steps`. */
  readonly step: (step: number, steps: number | null) => Promise<Losses>;
  /** Measures the weights as they are after `step` steps; the lower the distance, the better. */
  readonly measure: (step: number) => Promise<number>;
  /** Saves weights and position; `measured` is the distance where it was just measured. */
  readonly checkpoint: (position: Position, measured: number | null) => Promise<void>;
  readonly progress: (progress: Progress<Losses>) => Promise<void>;
  /** Seconds, from any origin. */
  readonly now: () => number;
}

/** Steps that tell the speed, after those that are slow because they are the first. */
const WARM_UP_STEPS = 2;
const PROBE_STEPS = 10;
/** Part of the time that is left for measuring and saving. */
const OVERHEAD_SHARE = 0.08;
/** Measured checkpoints of a training that is shorter than `measureSteps` times this. */
const LEAST_MEASUREMENTS = 8;

/**
 * From here on a step may be the best one. A distance sees less than an eye: weights that are blurred or noisy, but right
 * on the whole, may come out ahead by chance as long as everything still moves.
 */
const BEST_FROM_SHARE = 1 / 2;

/** Trains from `from` on until all steps are done, the time is up or `signal` aborts; in each case with a checkpoint. */
export async function runLoop<Losses extends Readonly<Record<string, number>>>(
  plan: LoopPlan,
  from: Position,
  ports: LoopPorts<Losses>,
  signal: AbortSignal,
): Promise<{ readonly position: Position; readonly interrupted: boolean }> {
  const clock = createClock(ports.now, from.seconds);
  const window = createLossWindow<Losses>(ports.now);
  let position = from;
  let savedAt = ports.now();
  let probe = { step: from.step, seconds: from.seconds };

  if (position.firstDistance === null) {
    const distance = await ports.measure(0);
    position = { ...position, firstDistance: distance, lastDistance: distance };
    await save(distance);
  }
  while (!isFinished(position, plan)) {
    if (signal.aborted) {
      await save(null);
      return { position, interrupted: true };
    }
    await advance();
    if (window.seconds() >= plan.progressSeconds) {
      const steps = position.steps ?? plan.wantedSteps;
      await ports.progress({ step: position.step, steps, position, ...window.take() });
    }
    if (isMeasured(position, plan)) await measureAndSave();
    else if (ports.now() - savedAt >= plan.checkpointSeconds) await save(null);
  }
  return { position, interrupted: false };

  async function advance(): Promise<void> {
    if (position.step <= from.step + WARM_UP_STEPS) {
      probe = { step: position.step, seconds: clock.seconds() };
    }
    const startedAt = ports.now();
    window.add(await ports.step(position.step, position.steps), ports.now() - startedAt);
    position = { ...position, step: position.step + 1, seconds: clock.seconds() };
    if (position.steps === null && position.step >= Math.min(PROBE_STEPS, plan.wantedSteps)) {
      position = { ...position, steps: plannedSteps(plan, position, probe) };
    }
  }

  async function measureAndSave(): Promise<void> {
    const distance = await ports.measure(position.step);
    position = { ...position, lastDistance: distance };
    if (isCandidate(position, plan) && distance < (position.best?.distance ?? Infinity)) {
      position = { ...position, best: { step: position.step, distance } };
    }
    await save(distance);
  }

  async function save(measured: number | null): Promise<void> {
    position = { ...position, seconds: clock.seconds() };
    await ports.checkpoint(position, measured);
    savedAt = ports.now();
  }
}

function isFinished(position: Position, plan: LoopPlan): boolean {
  return position.steps !== null && (position.step >= position.steps || isLate(position, plan));
}

/** Of a training that ends early, its last step is one. */
function isCandidate(position: Position, plan: LoopPlan): boolean {
  if (isFinished(position, plan)) return true;
  return position.steps !== null && position.step >= position.steps * BEST_FROM_SHARE;
}

/** The machine became slower than it was when the steps were planned. */
function isLate(position: Position, plan: LoopPlan): boolean {
  return position.seconds >= plan.maxSeconds;
}

function isMeasured(position: Position, plan: LoopPlan): boolean {
  if (isFinished(position, plan)) return true;
  if (position.steps === null) return false;
  return position.step % measureInterval(plan, position.steps) === 0;
}

export function measureInterval(plan: Pick<LoopPlan, 'measureSteps'>, steps: number): number {
  return Math.max(1, Math.min(plan.measureSteps, Math.ceil(steps / LEAST_MEASUREMENTS)));
}

/** As many as wanted, or as the time allows at the speed since the probe began. */
function plannedSteps(
  plan: LoopPlan,
  position: Position,
  probe: { readonly step: number; readonly seconds: number },
): number {
  const timed = position.step - probe.step;
  if (timed <= 0) return plan.wantedSteps;
  const secondsPerStep = (position.seconds - probe.seconds) / timed;
  const secondsLeft = plan.maxSeconds * (1 - OVERHEAD_SHARE) - position.seconds;
  const affordable = position.step + Math.floor(secondsLeft / Math.max(secondsPerStep, 1e-6));
  return Math.max(position.step, Math.min(plan.wantedSteps, affordable));
}

/** Counts on from the seconds of the attempts before. */
function createClock(now: () => number, before: number): { seconds(): number } {
  const startedAt = now();
  return { seconds: () => before + now() - startedAt };
}
