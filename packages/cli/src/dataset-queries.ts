export {
  DATASET_IMPORT,
  DATASET_TO_EXPORT,
  type DatasetView,
  IMPORT_DATASET,
  type ImportDatasetInput,
  type ImportView,
} from './gen/documents.ts';
