export * from './job-delivery.ts';
export * from './lost-jobs.ts';
export * from './opened-ports.ts';
export * from './read-gauges.ts';
export * from './rows-read.ts';
export * from './running-service.ts';
export * from './served-peers.ts';
export * from './swept-objects.ts';
