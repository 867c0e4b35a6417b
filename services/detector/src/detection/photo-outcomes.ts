/** Photographs that a job has taken: read from the store, given to the network, each with how it went. */
import type { RunReference } from '@deepstyle/contracts';
import { countMetric, DeepStyleError, isTransient } from '@deepstyle/platform';
import type { ImageSize } from '../model/anchors.ts';
import type { NetworkImage } from '../model/inference.ts';
import { networkImage } from '../network-image.ts';
import type { Ports } from '../ports.ts';
import type { PhotoDetections, PhotoFailure, TakenPhoto } from '../records.ts';
import type { InferenceCache, ReadyModel } from './inference-cache.ts';
import { integerDetections } from './integer-detections.ts';

export type Outcome =
  | { readonly kind: 'found'; readonly found: PhotoDetections }
  /** It may go better another time. */
  | { readonly kind: 'failed'; readonly failure: PhotoFailure }
  /** Another try would fail in the same way. */
  | { readonly kind: 'rejected'; readonly failure: PhotoFailure };

/** Takings without an outcome: whatever kills the worker will kill the next one. */
const MAX_TAKINGS = 10;
const MAX_REASON = 2000;

export interface ReadablePhoto {
  readonly photoId: string;
  readonly image: NetworkImage;
}

export interface ReadPhotos {
  readonly readable: readonly ReadablePhoto[];
  /** Of those that the network need not see. */
  readonly outcomes: readonly Outcome[];
}

type ReadPorts = Pick<Ports, 'objects' | 'settings'> & { readonly models: InferenceCache };

/** @throws transient failures, as of a store that is away */
export async function readPhotos(
  ports: ReadPorts,
  run: RunReference,
  taken: readonly TakenPhoto[],
): Promise<ReadPhotos> {
  const stopped = taken
    .filter(({ takings }) => takings > MAX_TAKINGS)
    .map(({ photo }) => rejected(photo.id, `its worker stopped ${MAX_TAKINGS} times on it`));
  const others = taken.filter(({ takings }) => takings <= MAX_TAKINGS);
  if (others.length === 0) return { readable: [], outcomes: stopped };
  try {
    const network = await ports.models.use(
      run.detector,
      async ({ architecture }) => architecture.image,
    );
    const read = await Promise.all(others.map((one) => readPhoto(ports, one, network)));
    return {
      readable: read.filter((one): one is ReadablePhoto => 'image' in one),
      outcomes: [...stopped, ...read.filter((one): one is Outcome => 'kind' in one)],
    };
  } catch (error) {
    if (isTransient(error)) throw error;
    // The model itself cannot be used, so none of its photographs can be read for it.
    const failures = others.map(({ photo }) => failureOf(photo.id, error));
    return { readable: [], outcomes: [...stopped, ...failures] };
  }
}

async function readPhoto(
  { objects, settings }: ReadPorts,
  { photo }: TakenPhoto,
  network: ImageSize,
): Promise<ReadablePhoto | Outcome> {
  try {
    const bytes = await objects.get(photo.image.key);
    return { photoId: photo.id, image: await networkImage(bytes, network, settings.maxPixels) };
  } catch (error) {
    if (isTransient(error)) throw error;
    return failureOf(photo.id, error);
  }
}

/** What a run's model finds in photographs that have been read. @throws transient failures */
export async function detectReadable(
  models: InferenceCache,
  run: RunReference,
  readable: readonly ReadablePhoto[],
): Promise<readonly Outcome[]> {
  if (readable.length === 0) return [];
  try {
    return await models.use(run.detector, (model) => detectImages(model, run, readable));
  } catch (error) {
    if (isTransient(error)) throw error;
    return readable.map(({ photoId }) => failureOf(photoId, error));
  }
}

/** All together; where that fails, each alone, so that one photograph does not take its neighbors with it. */
async function detectImages(
  model: ReadyModel,
  run: RunReference,
  readable: readonly ReadablePhoto[],
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
    for (const one of readable) outcomes.push(...(await detectImages(model, run, [one])));
    return outcomes;
  }
}

/** What the photograph or the model itself is to blame for does not change by trying again. */
function failureOf(photoId: string, error: unknown): Outcome {
  const { message, retryable } = DeepStyleError.from(error);
  const reason = error instanceof DeepStyleError ? message : describe(error);
  return retryable
    ? { kind: 'failed', failure: { photoId, reason: reason.slice(0, MAX_REASON) } }
    : rejected(photoId, reason);
}

function rejected(photoId: string, reason: string): Outcome {
  return { kind: 'rejected', failure: { photoId, reason: reason.slice(0, MAX_REASON) } };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
