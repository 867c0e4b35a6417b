// The use cases of the service, in the order in which a run meets them.

export { GENERATE_JOB, generateDesigns } from './generate-designs.ts';
export { planTraining, TRAIN_JOB } from './plan-training.ts';
export { renderDesigns } from './render-designs.ts';
export { trainRun } from './training/train-run.ts';
