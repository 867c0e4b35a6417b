import type { ServiceOutbox } from '@deepstyle/service';
import type { Transaction } from '@deepstyle/storage';
import type { ModelRecord } from '../records.ts';

/** Publishes that a model is the one for new runs, under an id of the model. */
export function announceModel(
  tx: Transaction,
  outbox: ServiceOutbox,
  datasetId: string,
  { id, labels, categories, evaluation }: ModelRecord,
): Promise<void> {
  const data = {
    modelId: id,
    datasetId,
    labels,
    categories: [...categories],
    evaluation:
      evaluation === null
        ? null
        : {
            split: evaluation.split,
            images: evaluation.images,
            ap: evaluation.ap,
            ap50: evaluation.ap50,
          },
  };
  return outbox.publish(tx, 'deepstyle.detector.trained.v1', data, `detector.trained:${id}`);
}
