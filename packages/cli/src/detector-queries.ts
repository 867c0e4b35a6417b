export {
  ACTIVE_DETECTOR_WEIGHTS,
  DETECTOR_TRAINING,
  DETECTOR_WEIGHTS,
  type DetectorModelView,
  type EvaluationView,
  TRAIN_DETECTOR,
  type TrainDetectorInput,
} from './gen/documents.ts';
