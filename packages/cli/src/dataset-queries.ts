import type { StageView } from './run-queries.ts';

export const IMPORT_DATASET = `
  mutation ImportDataset($input: ImportDatasetInput!) {
    importDataset(input: $input) { import { id } userErrors { message } }
  }
`;

export const DATASET_IMPORT = `
  query DatasetImport($id: ID!) {
    datasetImport(id: $id) {
      progress { state done failed expected detail stalled }
      dataset {
        id name images annotations storedImages boxConvention splits { train val test none }
        categories { number name type }
      }
      irregularities { code effect meaning count examples { file line detail } }
    }
  }
`;

export const DATASET_TO_EXPORT = `
  query DatasetToExport($id: ID!) { dataset(id: $id) { id name annotationsUrl } }
`;

export interface DatasetView {
  readonly id: string;
  readonly name: string;
  readonly images: number;
  readonly annotations: number;
  readonly storedImages: number;
  readonly boxConvention: string;
  readonly splits: Readonly<Record<'train' | 'val' | 'test' | 'none', number>>;
  readonly categories: readonly {
    readonly number: number;
    readonly name: string;
    readonly type: string;
  }[];
}

export interface ImportView {
  readonly progress: StageView;
  readonly dataset: DatasetView | null;
  readonly irregularities: readonly {
    readonly code: string;
    readonly effect: 'NOTED' | 'REPAIRED' | 'DROPPED';
    readonly meaning: string;
    readonly count: number;
    readonly examples: readonly {
      readonly file: string;
      readonly line: number | null;
      readonly detail: string;
    }[];
  }[];
}
