/** A machine that takes so long for each step, by a clock of its own, and whose weights are the list of steps done. */
import type { Callback, Progress } from '../src/index.ts';
import { type LoopEnd, runLoop } from '../src/loop.ts';

export const count = (steps: number) => Array.from({ length: steps }, (_, step) => step);

export const START: Progress = { step: 0, seconds: 0 };

interface Training<P extends Progress> {
  readonly from?: P;
  readonly until?: (progress: P) => boolean;
  readonly callbacks?: readonly Callback<P, { readonly loss: number }>[];
  readonly checkpointSeconds?: number;
  /** Seconds of the attempt before the loop. */
  readonly before?: number;
}

export function machine<P extends Progress = Progress>(
  secondsOf: (step: number) => number = () => 1,
) {
  let time = 500;
  const stopping = new AbortController();
  const steps: number[] = [];
  const saved: P[] = [];
  return {
    steps,
    saved,
    now: () => time,
    /** Twenty steps, unless told otherwise. */
    train: (training: Training<P>): Promise<LoopEnd<P>> =>
      runLoop(
        {
          from: training.from ?? (START as P),
          until: training.until ?? (({ step }) => step >= 20),
          callbacks: training.callbacks ?? [],
          checkpointSeconds: training.checkpointSeconds ?? 1000,
          step: async ({ step }) => {
            time += secondsOf(step);
            steps.push(step);
            return { loss: step };
          },
          checkpoint: async (progress) => {
            saved.push(progress);
          },
          now: () => time,
          startedAt: time - (training.before ?? 0),
        },
        stopping.signal,
      ),
    stop: () => stopping.abort(),
  };
}

/** A machine that is told to stop during a step. */
export function stoppedAt<P extends Progress>(stopAt: number, secondsOf = (_: number) => 1) {
  const stopped = machine<P>((step) => {
    if (step === stopAt) stopped.stop();
    return secondsOf(step);
  });
  return stopped;
}
