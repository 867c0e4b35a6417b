import type { cropperV1, ganTrainerV1, RunReference } from '@deepstyle/contracts';
import { NotFoundError } from '@deepstyle/platform';
import type { ObjectStore } from '@deepstyle/storage';
import { type DrawnGarment, drawnDesigns, garmentPages } from './drawn-run.ts';

/**
 * The calls of the cropper and the gan-trainer, answered with drawn data.
 *
 * @param designStore where the trainer stores designs
 */
export function drawnPeers(designStore: () => ObjectStore) {
  /** What the cropper knows of each run. */
  const cropped = new Map<string, { run: RunReference; garments: readonly DrawnGarment[] }>();
  /** Requests that reached the trainer. */
  const requests: ganTrainerV1.GenerateDesignsRequest[] = [];
  return {
    cropped,
    requests,
    async *listGarments({ runId }: cropperV1.ListGarmentsRequest) {
      const known = cropped.get(runId);
      if (known === undefined) throw new NotFoundError('run with garments', runId);
      yield* garmentPages(known.run, known.garments);
    },
    async *generateDesigns(request: ganTrainerV1.GenerateDesignsRequest) {
      requests.push(request);
      yield* drawnDesigns(designStore(), request);
    },
  };
}
