import type { StageView } from './run-queries.ts';

export const TRAIN_DETECTOR = `
  mutation TrainDetector($input: TrainDetectorInput!) {
    trainDetector(input: $input) { training { id } userErrors { message } }
  }
`;

export const DETECTOR_TRAINING = `
  query DetectorTraining($id: ID!) {
    detectorTraining(id: $id) {
      progress { state done failed expected detail stalled }
      model {
        id labels steps trainSeconds parameters
        evaluation { split images ap ap50 ap50ByType detectionsUrl categories { name ap ap50 } }
      }
    }
  }
`;

/** A trained detector with its record on photographs that it has not seen. */
export interface DetectorModelView {
  readonly id: string;
  readonly labels: 'CATEGORIES' | 'TYPES';
  readonly steps: number | null;
  readonly parameters: number | null;
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
  readonly categories: readonly {
    readonly name: string;
    readonly ap: number | null;
    readonly ap50: number | null;
  }[];
}

export interface DetectorTrainingView {
  readonly progress: StageView;
  readonly model: DetectorModelView | null;
}
