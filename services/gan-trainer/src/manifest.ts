/** The identity of a model: what it was trained on, and how. */
import { createHash } from 'node:crypto';
import type { Hyperparameters } from './training/hyperparameters.ts';

/** Version of networks and step; raised when the same garments and hyperparameters would give other weights. */
export const TRAINER_VERSION = 'dcgan64/1';

/** Hash of a set of garments; their order does not matter. Lower-case hex. */
export function manifestHash(garmentIds: readonly string[]): string {
  const hash = createHash('sha256');
  for (const id of [...new Set(garmentIds)].sort()) hash.update(`${id}\n`);
  return hash.digest('hex');
}

/** The same garments and hyperparameters give the same id, so that a repetition finds the model. Lower-case hex. */
export function modelId(manifest: string, hyperparameters: Hyperparameters): string {
  const sorted = Object.fromEntries(
    Object.entries(hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return createHash('sha256')
    .update(`${TRAINER_VERSION}\n${manifest}\n${JSON.stringify(sorted)}`)
    .digest('hex');
}
