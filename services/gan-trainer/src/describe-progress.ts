/** A training in one line for people: pure. */
import { describeSpeed } from '@deepstyle/service/training-jobs';
import type { Position, Progress } from './training/loop.ts';
import type { Losses } from './training/step.ts';

export function describeProgress(progress: Progress<Losses>): string {
  const { step, steps, losses, position } = progress;
  const parts = [
    `step ${step} of ${steps}`,
    `loss D ${losses.discriminatorLoss.toFixed(2)} G ${losses.generatorLoss.toFixed(2)}`,
    ...distancePart(position),
    describeSpeed(progress),
  ];
  return parts.join(', ');
}

function distancePart({ lastDistance, firstDistance }: Position): string[] {
  if (firstDistance === null || lastDistance === null) return [];
  return [`KID ${lastDistance.toFixed(3)} (${firstDistance.toFixed(3)} at first)`];
}
