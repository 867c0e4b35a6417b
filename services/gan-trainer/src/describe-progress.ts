/** A training in one line for people: pure. */
import type { Position } from './training/loop.ts';

export function describeProgress(progress: {
  readonly step: number;
  readonly steps: number;
  readonly losses: { readonly discriminatorLoss: number; readonly generatorLoss: number };
  readonly stepsPerSecond: number;
  readonly position: Position;
}): string {
  const { step, steps, losses, stepsPerSecond, position } = progress;
  const parts = [
    `step ${step} of ${steps}`,
    `loss D ${losses.discriminatorLoss.toFixed(2)} G ${losses.generatorLoss.toFixed(2)}`,
    ...distancePart(position),
    `${stepsPerSecond.toFixed(1)} steps/s`,
    `${timeLeft((steps - step) / Math.max(stepsPerSecond, 1e-9))} left`,
  ];
  return parts.join(', ');
}

function distancePart({ lastDistance, firstDistance }: Position): string[] {
  if (firstDistance === null || lastDistance === null) return [];
  return [`KID ${lastDistance.toFixed(3)} (${firstDistance.toFixed(3)} at first)`];
}

/** 42 s, 7 min, 3 h. */
export function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.ceil(seconds / 3600)} h`;
}
