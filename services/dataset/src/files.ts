/** Datasets as files and folders: what needs no running service. */
export type { Split } from './category.ts';
export { type CheckResult, checkDataset } from './check-dataset.ts';
export {
  type ExportResult,
  type ExportTarget,
  exportFolder,
  exportStored,
} from './export-dataset.ts';
export { describeIrregularity } from './irregularities.ts';
export { DEFAULT_OPEN_OPTIONS, type OpenOptions } from './open-dataset.ts';
