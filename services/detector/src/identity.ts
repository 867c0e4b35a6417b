/** The identity of a model: what it was trained on, and how. */
import { createHash } from 'node:crypto';
import type { Hyperparameters } from './training/hyperparameters.ts';

/** Version of network and step; raised when the same dataset and hyperparameters would give other weights. */
export const TRAINER_VERSION = 'faster-rcnn/1';

/** What a detector tells apart: the dataset's categories, or their types. */
export type Labels = 'categories' | 'types';

/** The same dataset, labels and hyperparameters give the same id, so that a repetition finds the model. Lower-case hex. */
export function modelIdOf(
  datasetId: string,
  labels: Labels,
  hyperparameters: Hyperparameters,
): string {
  return createHash('sha256')
    .update(`${TRAINER_VERSION}\n${datasetId}\n${labels}\n${canonical(hyperparameters)}`)
    .digest('hex');
}

/** JSON with the keys of every object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
