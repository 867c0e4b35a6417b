/** What a run's model finds in photographs that have been read. */
import type { RunReference } from '@deepstyle/contracts';
import { countMetric } from '@deepstyle/platform';
import type { InferenceCache, ReadyModel } from './inference-cache.ts';
import { integerDetections } from './integer-detections.ts';
import { failureOf, isPassing, type Outcome } from './photo-outcome.ts';
import type { Readable } from './read-photos.ts';

/** @throws what another delivery may overcome */
export async function lookAtPhotos(
  run: RunReference,
  readable: readonly Readable[],
  models: InferenceCache,
): Promise<readonly Outcome[]> {
  if (readable.length === 0) return [];
  try {
    return await models.use(run.detector, (model) => detectImages(run, readable, model));
  } catch (error) {
    if (isPassing(error)) throw error;
    return readable.map(({ photoId }) => failureOf(photoId, error));
  }
}

/** All together; where that fails, each alone, so that one photograph does not take its neighbours with it. */
async function detectImages(
  run: RunReference,
  readable: readonly Readable[],
  model: ReadyModel,
): Promise<Outcome[]> {
  try {
    const detected = await model.inference.detect(readable.map(({ image }) => image));
    countMetric('images', { service: 'detector', work: 'detect' }, readable.length);
    return readable.map(({ photoId, image }, i) => {
      const detections = integerDetections(detected[i] ?? [], image.photo, model.categories);
      return { kind: 'found', found: { modelId: run.detector, photoId, detections } };
    });
  } catch (error) {
    const [only] = readable;
    if (readable.length === 1 && only !== undefined) return [failureOf(only.photoId, error)];
    const outcomes: Outcome[] = [];
    for (const one of readable) outcomes.push(...(await detectImages(run, [one], model)));
    return outcomes;
  }
}
