import { type Consumer, consumer, type JobHandler } from '@deepstyle/service';
import type { Cropper } from './cropper.ts';
import type { Ports } from './ports.ts';

export function createConsumers({ settings }: Ports, cropper: Cropper): readonly Consumer[] {
  return [
    consumer({
      name: 'photos',
      types: [
        'deepstyle.photo.stored.v1',
        'deepstyle.photo.detected.v1',
        'deepstyle.photo.failed.v1',
      ],
      concurrency: settings.concurrency,
      handle: (event) => {
        switch (event.type) {
          case 'deepstyle.photo.stored.v1':
            return cropper.photoStored(event.data);
          case 'deepstyle.photo.detected.v1':
            return cropper.photoDetected(event.data);
          case 'deepstyle.photo.failed.v1':
            return cropper.photoFailed(event.data);
        }
      },
    }),
    // Not behind the photographs in one queue, so that progress has its total early.
    consumer({
      name: 'scrapes',
      types: ['deepstyle.scrape.completed.v1'],
      concurrency: 1,
      handle: (event) => cropper.scrapeCompleted(event.data),
    }),
    consumer({
      name: 'changes',
      types: ['deepstyle.run.changed.v1'],
      concurrency: 1,
      handle: (event) => cropper.runChanged(event.data),
    }),
  ];
}

export function createJobs(): readonly JobHandler[] {
  return [];
}
