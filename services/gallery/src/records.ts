export * from './records/collections.ts';
export * from './records/designs.ts';
export * from './records/runs.ts';
export * from './records/season-garments.ts';
export * from './records/trend-batches.ts';
export * from './records/under-way.ts';
