// The tables of the service. Statements stand here, in records/, and nowhere else.
export * from './records/garments.ts';
export * from './records/run-photos.ts';
export * from './records/runs.ts';
export * from './records/under-way.ts';
