/**
 * Keeping a training within its time. While the time suffices for the steps that are wanted, nothing here changes
 * anything, so that then the result does not depend on the machine.
 */
import { schedules } from '@deepstyle/engine';
import type { Callback, DoneStep } from './loop.ts';
import type { Progress } from './progress.ts';

export interface TimeLimit {
  /** Steps wanted; fewer are done only where they would take longer than `maxSeconds`. */
  readonly wantedSteps: number;
  /** Null: no limit. */
  readonly maxSeconds: number | null;
  /** Part of the time that is kept for measuring and saving. */
  readonly reserve: number;
}

export function isTimeUp(
  { seconds }: Pick<Progress, 'seconds'>,
  { maxSeconds }: Pick<TimeLimit, 'maxSeconds'>,
): boolean {
  return maxSeconds !== null && seconds >= maxSeconds;
}

/** Steps of an attempt that are slow because they are the first, and tell nothing of the speed. */
const WARM_UP_STEPS = 2;
/** Steps after which the speed is known. */
const PROBE_STEPS = 10;
/** The speed is looked at after so long, and again: a part of a short time. */
const LOOK_SECONDS = 8;
const LOOK_SHARE = 0.06;
/** A course that misses the end by more than this part of what is left is fitted anew. */
const REFIT_SHARE = 0.05;

/** A moment of the training. */
type Mark = Pick<Progress, 'step' | 'seconds'>;

/** A mark to measure the speed from: it moves along with the first steps of an attempt. */
function createMark() {
  let warmUntil = 0;
  let mark: Mark = { step: 0, seconds: 0 };
  return {
    begin({ step, seconds }: Mark): undefined {
      warmUntil = step + WARM_UP_STEPS;
      mark = { step, seconds };
    },
    /** False as long as the steps tell nothing. @param taken seconds that the last step took */
    isWarm({ step, seconds }: Mark, taken: number): boolean {
      if (step - 1 <= warmUntil) mark = { step: step - 1, seconds: seconds - taken };
      return step > warmUntil;
    },
    set: ({ step, seconds }: Mark): void => {
      mark = { step, seconds };
    },
    get: (): Mark => mark,
  };
}

/** As many as wanted, or as the time allows. */
function affordableSteps(
  { wantedSteps, reserve }: TimeLimit,
  maxSeconds: number,
  { step, seconds }: Mark,
  secondsPerStep: number,
): number {
  const secondsLeft = maxSeconds * (1 - reserve) - seconds;
  const affordable = step + Math.floor(secondsLeft / Math.max(secondsPerStep, 1e-6));
  return Math.max(step, Math.min(wantedSteps, affordable));
}

/** Fixes the number of steps once, by the speed of the first ones. */
export function fixSteps<P extends Progress & { readonly steps: number | null }>(
  limit: TimeLimit,
): Callback<P, unknown> {
  const { wantedSteps, maxSeconds } = limit;
  const mark = createMark();
  return {
    atStart: mark.begin,
    afterStep(progress, { seconds }) {
      mark.isWarm(progress, seconds);
      if (progress.steps !== null || progress.step < Math.min(PROBE_STEPS, wantedSteps)) {
        return undefined;
      }
      const since = mark.get();
      const pace = (progress.seconds - since.seconds) / (progress.step - since.step);
      const steps =
        maxSeconds === null ? wantedSteps : affordableSteps(limit, maxSeconds, progress, pace);
      return { progress: { ...progress, steps }, save: false };
    },
  };
}

/**
 * Looks at the speed again and again. Where the end would be missed, what is left of the learning rate's course is spread
 * over the steps that the time allows.
 */
export function refitCourse<P extends Progress & { readonly schedule: schedules.Course }>(
  limit: TimeLimit,
): Callback<P, unknown> {
  const { wantedSteps, maxSeconds } = limit;
  if (maxSeconds === null) return {};
  const lookSeconds = Math.min(LOOK_SECONDS, LOOK_SHARE * maxSeconds);
  const mark = createMark();
  /** Seconds a step. */
  let fastest = Infinity;
  return {
    atStart: mark.begin,
    afterStep(progress: P, { seconds }: DoneStep<unknown>) {
      const { step, schedule } = progress;
      if (!mark.isWarm(progress, seconds)) return undefined;
      const since = mark.get();
      if (progress.seconds - since.seconds < lookSeconds) return undefined;
      const recent = (progress.seconds - since.seconds) / (step - since.step);
      fastest = Math.min(fastest, recent);
      mark.set(progress);
      const stepsAt = (pace: number) => affordableSteps(limit, maxSeconds, progress, pace);
      // A hiccup makes no machine slow: the plan is given up where the time would not suffice at the best pace, either.
      const expected = stepsAt(schedule.steps === wantedSteps ? fastest : recent);
      if (Math.abs(expected - schedule.steps) <= REFIT_SHARE * (schedule.steps - step)) {
        return undefined;
      }
      const refitted = schedules.refitted(schedule, step, stepsAt(recent));
      return { progress: { ...progress, schedule: refitted }, save: true };
    },
  };
}
