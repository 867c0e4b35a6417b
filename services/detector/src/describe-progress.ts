/** A training in one line for people: pure. */
import type { Progress } from './training/loop.ts';
import { LOSSES, type LossName } from './training/step.ts';

const WORDS: Readonly<Record<LossName, string>> = {
  objectness: 'objectness',
  rpnBox: 'RPN box',
  classification: 'classification',
  box: 'box',
};

export function describeProgress({
  step,
  steps,
  losses,
  stepsPerSecond,
}: Progress<Readonly<Record<LossName, number>>>): string {
  const parts = LOSSES.map((name) => `${WORDS[name]} ${losses[name].toFixed(3)}`);
  const left = (steps - step) / Math.max(stepsPerSecond, 1e-9);
  return [
    `training: step ${step} of ${steps}`,
    `losses ${parts.join(' ')}`,
    `${stepsPerSecond.toFixed(1)} steps/s`,
    `${timeLeft(left)} left`,
  ].join(', ');
}

/** 42 s, 7 min, 3 h. */
function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.ceil(seconds / 3600)} h`;
}
