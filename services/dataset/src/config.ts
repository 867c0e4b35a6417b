import { type SettingsTable, text } from '@deepstyle/platform';

export interface DatasetSettings {
  readonly folders: readonly string[];
  readonly concurrency: number;
  readonly listMemoryMb: number;
  readonly listSeconds: number;
}

export const DATASET_SETTINGS: SettingsTable<DatasetSettings> = {
  folders: {
    env: 'DATASET_FOLDERS',
    schema: text.list(),
    default: '*',
    description:
      'folders that datasets may be imported from, comma-separated; * allows all (for a machine of your own), empty allows none (for a cluster)',
  },
  concurrency: {
    env: 'DATASET_CONCURRENCY',
    schema: text.integer(1, 64),
    default: '4',
    description: 'images read and stored at once during an import',
  },
  listMemoryMb: {
    env: 'DATASET_LIST_MEMORY_MB',
    schema: text.integer(16, 65_536),
    default: '1024',
    description: 'heap that the lists of one dataset may take while they are imported',
  },
  listSeconds: {
    env: 'DATASET_LIST_SECONDS',
    schema: text.integer(1, 86_400),
    default: '1800',
    description: 'time that reading the lists of one dataset may take, and writing them again',
  },
};
