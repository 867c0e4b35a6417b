import { type SettingsTable, text } from '@deepstyle/platform';

export interface DatasetSettings {
  readonly folders: readonly string[];
  readonly concurrency: number;
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
};
