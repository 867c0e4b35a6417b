import { assetPath, createTaskThread, DeepStyleError, type TaskThread } from '@deepstyle/platform';
import type { DatasetSettings } from '../config.ts';
import { ListsTooCostlyError } from '../errors.ts';
import type { ReadingNote, ReadingTasks } from './reading-tasks.ts';

/** Reads the lists of one dataset on a thread of its own. What it takes too much for is a ListsTooCostlyError. */
export type DatasetReader = TaskThread<ReadingTasks>;

export function createDatasetReader(
  folder: string,
  { listMemoryMb, listSeconds }: Pick<DatasetSettings, 'listMemoryMb' | 'listSeconds'>,
  onNote: (note: ReadingNote) => void,
): DatasetReader {
  return createTaskThread({
    name: 'reader of lists',
    workerUrl: assetPath('dist/dataset-reader.js'),
    limits: { maxOldGenerationSizeMb: listMemoryMb },
    maxSeconds: listSeconds,
    refusal: (refused) =>
      refused.reason === 'TOO_COSTLY'
        ? new ListsTooCostlyError(folder, refused.message, refused.cause)
        : new DeepStyleError(refused),
    onNote: (note) => onNote(note as ReadingNote),
  });
}
