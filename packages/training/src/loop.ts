/**
 * The loop around a training step: which step is next, when to save, when to stop. It knows nothing of what is trained.
 * What a step does must follow from its number and the progress alone, so that a training resumed from a checkpoint equals
 * one that was never interrupted.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Progress } from './progress.ts';

/** What a callback found out. */
export interface Change<P extends Progress> {
  readonly progress: P;
  /** Whether a checkpoint must hold it before the next step. */
  readonly save: boolean;
}

type Answer<P extends Progress> = Change<P> | undefined | Promise<Change<P> | undefined>;

export interface DoneStep<Losses> {
  readonly losses: Losses;
  /** How long the step took. */
  readonly seconds: number;
}

/** What happens around the steps: measuring, reporting, planning. Callbacks are asked in their order. */
export interface Callback<P extends Progress, Losses> {
  /** Before the first step of this attempt. */
  readonly atStart?: (progress: P) => Answer<P>;
  readonly afterStep?: (progress: P, done: DoneStep<Losses>) => Answer<P>;
  /** Once all steps are done; not where the training was interrupted. */
  readonly atEnd?: (progress: P) => Promise<void>;
}

export interface LoopOptions<P extends Progress, Losses> {
  /** Does step number `progress.step`, from 0. */
  readonly step: (progress: P) => Promise<Losses>;
  readonly from: P;
  readonly until: (progress: P) => boolean;
  readonly callbacks: readonly Callback<P, Losses>[];
  /** Saves the weights as they are, and the progress. */
  readonly checkpoint: (progress: P) => Promise<void>;
  /** Longest time between two checkpoints. */
  readonly checkpointSeconds: number;
  /** Seconds, from any origin. */
  readonly now: () => number;
  /** `now()` when the attempt began. */
  readonly startedAt: number;
}

/** The clock of the loop. */
export const secondsNow = (): number => performance.now() / 1000;

export interface LoopEnd<P extends Progress> {
  readonly progress: P;
  readonly interrupted: boolean;
}

/** Trains from `from` on `until` it is done or `signal` aborts; in both cases the last progress is saved. */
export async function runLoop<P extends Progress, Losses>(
  options: LoopOptions<P, Losses>,
  signal: AbortSignal,
): Promise<LoopEnd<P>> {
  const { step, from, until, callbacks, checkpointSeconds, now, startedAt } = options;
  let progress = from;
  let saved = from;
  let savedAt = now();

  if (await ask(({ atStart }) => atStart?.(progress))) await save();
  while (!until(progress)) {
    // Timers and messages have their turn, also where a step holds this thread (the eager devices).
    await nextTurn();
    if (signal.aborted) {
      await save();
      return { progress, interrupted: true };
    }
    const done = await advance();
    const mustSave = await ask(({ afterStep }) => afterStep?.(progress, done));
    if (mustSave || now() - savedAt >= checkpointSeconds) await save();
  }
  for (const { atEnd } of callbacks) await atEnd?.(progress);
  if (saved !== progress) await save();
  return { progress, interrupted: false };

  async function advance(): Promise<DoneStep<Losses>> {
    const begunAt = now();
    const losses = await step(progress);
    progress = { ...progress, step: progress.step + 1, seconds: secondsSpent() };
    return { losses, seconds: now() - begunAt };
  }

  async function ask(hook: (callback: Callback<P, Losses>) => Answer<P>): Promise<boolean> {
    let mustSave = false;
    for (const callback of callbacks) {
      const change = await hook(callback);
      if (change === undefined) continue;
      progress = change.progress;
      mustSave ||= change.save;
    }
    return mustSave;
  }

  async function save(): Promise<void> {
    progress = { ...progress, seconds: secondsSpent() };
    await options.checkpoint(progress);
    saved = progress;
    savedAt = now();
  }

  function secondsSpent(): number {
    return from.seconds + now() - startedAt;
  }
}
