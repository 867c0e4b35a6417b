import { type Consumer, consumer } from '@deepstyle/service';
import type { Cropper } from './cropper.ts';

/** What the service consumes. */
export function createConsumers(cropper: Cropper, concurrency: number): readonly Consumer[] {
  return [
    consumer({
      name: 'photos',
      types: [
        'deepstyle.photo.stored.v1',
        'deepstyle.photo.detected.v1',
        'deepstyle.photo.failed.v1',
      ],
      concurrency,
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
  ];
}
