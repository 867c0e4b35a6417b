/** A training in one line for people: pure. */
import { describeSpeed, type TrainingProgress } from '@deepstyle/service/training-jobs';
import { LOSSES, type LossName } from './training/step.ts';

const WORDS: Readonly<Record<LossName, string>> = {
  objectness: 'objectness',
  rpnBox: 'RPN box',
  classification: 'classification',
  box: 'box',
};

export function describeProgress(
  progress: TrainingProgress<Readonly<Record<LossName, number>>>,
): string {
  const { step, steps, losses } = progress;
  const parts = LOSSES.map((name) => `${WORDS[name]} ${losses[name].toFixed(3)}`);
  const done = `training: step ${step} of ${steps}`;
  return [done, `losses ${parts.join(' ')}`, describeSpeed(progress)].join(', ');
}
