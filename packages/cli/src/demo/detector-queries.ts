import type { StageView } from '../run-queries.ts';

/** How far some work is, as the graph tells it. */
export type Progress = Omit<StageView, 'stalled'>;

export interface UserError {
  readonly message: string;
}

const PROGRESS = 'progress { state done failed expected detail }';

export const IMPORT_DATASET = `
  mutation ImportDataset($input: ImportDatasetInput!) {
    importDataset(input: $input) { import { id } userErrors { message } }
  }
`;

export const DATASET_IMPORT = `
  query DatasetImport($id: ID!) {
    datasetImport(id: $id) {
      ${PROGRESS}
      dataset { id images annotations }
      irregularities { code count }
    }
  }
`;

export interface DatasetImportView {
  readonly progress: Progress;
  readonly dataset: { readonly id: string } | null;
}

export const TRAIN_DETECTOR = `
  mutation TrainDetector($input: TrainDetectorInput!) {
    trainDetector(input: $input) { training { id } userErrors { message } }
  }
`;

export const DETECTOR_TRAINING = `
  query DetectorTraining($id: ID!) {
    detectorTraining(id: $id) {
      ${PROGRESS}
      model {
        id trainSeconds
        evaluation { split images ap ap50 ap50ByType detectionsUrl }
      }
    }
  }
`;

/** A trained detector with its record on scenes that it has not seen. */
export interface DetectorModelView {
  readonly id: string;
  readonly trainSeconds: number | null;
  readonly evaluation: EvaluationView | null;
}

export interface EvaluationView {
  readonly split: string;
  readonly images: number;
  /** COCO's AP@[.50:.95] over the categories, in [0, 1]; null where nothing was to be found. */
  readonly ap: number | null;
  readonly ap50: number | null;
  /** AP at IoU 0.5 where a detection need only name the right type. */
  readonly ap50ByType: number | null;
  /** Its detections, a COCO results list. */
  readonly detectionsUrl: string;
}

export interface DetectorTrainingView {
  readonly progress: Progress;
  readonly model: DetectorModelView | null;
}
