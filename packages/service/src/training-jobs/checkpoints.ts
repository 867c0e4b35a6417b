import type { ServicePorts } from '../service.ts';
import { CheckpointDamagedError } from './errors.ts';
import type { Fence } from './training-table.ts';

/**
 * Where the checkpoint of a step lies. The attempt stands in the key: a stale worker writes beside its successor, not
 * over it.
 *
 * @param folder of the training, ending in a slash
 */
export function checkpointKey(folder: string, { attempt }: Fence, step: number): string {
  return `${folder}${attempt}-${step}.safetensors`;
}

/** Deletes the checkpoints of a training that has ended; a failure to do so harms nothing. */
export async function sweepCheckpoints(
  folder: string,
  { objects, logger }: Pick<ServicePorts<object>, 'objects' | 'logger'>,
): Promise<void> {
  try {
    for await (const { key } of objects.list(folder)) await objects.delete(key);
  } catch (error) {
    logger.warn({ folder, error }, 'the checkpoints of an ended training could not be deleted');
  }
}

/** What `decode` makes of the weights that are stored as `key`. @throws CheckpointDamagedError where it throws */
export function decodeStored<T>(key: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw new CheckpointDamagedError(key, error);
  }
}
