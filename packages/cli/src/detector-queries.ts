export {
  DETECTOR_TRAINING,
  type DetectorModelView,
  type EvaluationView,
  TRAIN_DETECTOR,
  type TrainDetectorInput,
} from './gen/documents.ts';
