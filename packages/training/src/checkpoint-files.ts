/** Checkpoints as objects: safetensors with every tensor that a step changes, and the progress as JSON beside them. */
import { decodeCheckpoint, encodeCheckpoint } from '@deepstyle/engine';
import type { ServicePorts, SweptObjects } from '@deepstyle/service';
import { CheckpointDamagedError } from './errors.ts';
import type { Progress } from './progress.ts';
import type { Fence, TrainingJob, TrainingTable } from './training-table.ts';

type Objects = Pick<ServicePorts<object>, 'objects'>;

/**
 * Where the checkpoint of a step lies. The attempt stands in the key: a stale worker writes beside its successor, not
 * over it.
 *
 * @param folder of the training, ending in a slash
 */
export function checkpointKey(folder: string, { attempt }: Fence, step: number): string {
  return `${folder}${attempt}-${step}.safetensors`;
}

export async function writeCheckpointFile(
  key: string,
  state: object,
  progress: Progress,
  { objects }: Objects,
): Promise<void> {
  await objects.put(key, encodeCheckpoint(state, progress), 'application/octet-stream');
}

/** @param like a state of the right shapes @throws CheckpointDamagedError, and what the store throws */
export async function readCheckpointFile<State extends object, P extends Progress>(
  key: string,
  like: State,
  { objects }: Objects,
): Promise<{ readonly state: State; readonly progress: P }> {
  const bytes = await objects.get(key);
  return decodeStored(key, () => {
    const { state, position } = decodeCheckpoint<State, P>(bytes, like);
    return { state, progress: position };
  });
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

/** The checkpoints of a service's trainings, for sweeping. @param folder of all of them, ending in a slash */
export function checkpointObjects(
  table: Pick<TrainingTable<TrainingJob>, 'checkpointKeys'>,
  folder: string,
): SweptObjects {
  return {
    prefix: folder,
    pattern: new RegExp(`^${folder}[^/]+/\\d+-\\d+\\.safetensors$`),
    named: (tx, keys) =>
      table.checkpointKeys(tx, [...new Set(keys.map((key) => key.split('/').at(-2) ?? ''))]),
  };
}

/** What `decode` makes of the weights that are stored as `key`. @throws CheckpointDamagedError where it throws */
export function decodeStored<T>(key: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw new CheckpointDamagedError(key, error);
  }
}
