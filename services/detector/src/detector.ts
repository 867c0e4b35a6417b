// The use cases of the service, in the order in which they are met.

export { DETECT_JOB, detectPhotos } from './detect-photos.ts';
export { getActiveModel } from './get-active-model.ts';
export { createPhotoQueue } from './photo-queue.ts';
export { requestTraining, TRAIN_JOB } from './request-training.ts';
export { trainModel } from './training/train-model.ts';
