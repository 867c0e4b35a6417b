// The tables of the service. SQL stands here, in records/, and nowhere else.
export * from './records/detections.ts';
export * from './records/losses.ts';
export * from './records/models.ts';
export * from './records/run-photos.ts';
export * from './records/runs.ts';
export type { DetectionRecord, EvaluationRecord } from './records/tables.ts';
export * from './records/trainings.ts';
export * from './records/under-way.ts';
