// The tables of the service. SQL stands here, in records/, and nowhere else.
export * from './records/curves.ts';
export * from './records/designs.ts';
export * from './records/models.ts';
export type { NearestGarment } from './records/tables.ts';
export * from './records/trainings.ts';
