/** The job detector-detect: looks at a run's queued photographs, batch by batch, and settles each of them. */
import type { RunReference } from '@deepstyle/contracts';
import { countMetric, DeepStyleError } from '@deepstyle/platform';
import { announceDetections, announceFailures } from './announce-detections.ts';
import { DetectionInterruptedError, DetectionRetryError } from './errors.ts';
import type { InferenceCache, ReadyModel } from './inference-cache.ts';
import { integerDetections } from './integer-detections.ts';
import type { NetworkImage } from './model/inference.ts';
import { networkImage } from './network-image.ts';
import type { Ports } from './ports.ts';
import {
  countAttempts,
  detectionsByModel,
  type PhotoDetections,
  type PhotoFailure,
  releasePhotos,
  runsById,
  saveDetections,
  type TakenPhoto,
  takePhotos,
} from './records.ts';

export const DETECT_JOB = 'detector-detect';

/** Photographs taken, read and written together. */
const GROUP = 32;
/** A dead job's photographs go to others after so long; its own redelivery need not wait. */
const TAKEN_MS = 300_000;
const MOST_ATTEMPTS = 3;
/** Takings without an outcome: whatever kills the worker will kill the next one. */
const MOST_TAKINGS = 10;
const MOST_REASON = 2000;

export interface DetectJob {
  readonly runId: string;
  /** Names the job in the queue. */
  readonly job: string;
}

type DetectPorts = Ports & { readonly models: InferenceCache };

/**
 * Returns once no photograph of the run is left that this job could take.
 *
 * @throws DetectionInterruptedError, DetectionRetryError where photographs are to be tried again, and what another
 *   delivery may overcome
 */
export async function detectPhotos(
  { runId, job }: DetectJob,
  signal: AbortSignal,
  ports: DetectPorts,
): Promise<void> {
  const { database } = ports;
  const [run] = await database.transaction('detector.findRun', (tx) => runsById(tx, [runId]));
  if (run?.reference == null) return;
  // Tried by this delivery and to be tried again by the next.
  const failed: string[] = [];
  for (;;) {
    const taken = await take(runId, job, failed, ports);
    if (taken.length === 0) break;
    try {
      signal.throwIfAborted();
      failed.push(...(await settle(run.reference, taken, ports)));
    } catch (error) {
      const isOutage = signal.aborted || isPassing(error);
      await database.transaction('detector.releasePhotos', (tx) =>
        releasePhotos(tx, runId, job, !isOutage),
      );
      throw signal.aborted ? new DetectionInterruptedError(runId) : error;
    }
  }
  if (failed.length > 0) throw new DetectionRetryError(runId, failed.length);
}

function take(runId: string, job: string, except: readonly string[], ports: DetectPorts) {
  const now = ports.clock();
  const until = new Date(now.getTime() + TAKEN_MS);
  return ports.database.transaction('detector.takePhotos', (tx) =>
    takePhotos(tx, { runId, job, now, until }, GROUP, except),
  );
}

/** A store that is away or full is not a photograph's fault and does not count against it. */
function isPassing(error: unknown): boolean {
  return error instanceof DeepStyleError && error.retryable && error.code !== 'INTERNAL';
}

/** How a photograph went. */
type Outcome =
  | { readonly kind: 'found'; readonly found: PhotoDetections }
  /** It may go better another time. */
  | { readonly kind: 'failed'; readonly failure: PhotoFailure }
  | { readonly kind: 'hopeless'; readonly failure: PhotoFailure };

/** Settles what can be settled; the ids of the others. */
async function settle(
  run: RunReference,
  taken: readonly TakenPhoto[],
  ports: DetectPorts,
): Promise<string[]> {
  const outcomes = await lookAt(run, taken, ports);
  const attempts = new Map(taken.map(({ photo, attempts }) => [photo.id, attempts]));
  const isFinal = ({ photoId }: PhotoFailure) => (attempts.get(photoId) ?? 0) + 1 >= MOST_ATTEMPTS;
  const found = outcomes.flatMap((one) => (one.kind === 'found' ? [one.found] : []));
  const failures = outcomes.flatMap((one) => (one.kind === 'failed' ? [one.failure] : []));
  const hopeless = outcomes.flatMap((one) => (one.kind === 'hopeless' ? [one.failure] : []));
  const again = failures.filter((failure) => !isFinal(failure));
  const ended = [...hopeless, ...failures.filter(isFinal)];
  await ports.database.transaction('detector.settlePhotos', async (tx) => {
    await saveDetections(tx, found, ports.clock());
    // What the model found before, in another run, stands.
    const ids = found.map(({ photoId }) => photoId);
    const standing = await detectionsByModel(tx, run.detector, ids);
    await announceDetections(tx, run, standing, ports);
    await announceFailures(tx, run, ended, ports);
    await countAttempts(tx, run.id, again);
  });
  return again.map(({ photoId }) => photoId);
}

async function lookAt(
  run: RunReference,
  taken: readonly TakenPhoto[],
  ports: DetectPorts,
): Promise<Outcome[]> {
  const poison = taken.filter(({ takings }) => takings > MOST_TAKINGS);
  const stopped = poison.map(({ photo }) =>
    hopeless(photo.id, `its worker stopped ${MOST_TAKINGS} times while looking at it`),
  );
  const others = taken.filter(({ takings }) => takings <= MOST_TAKINGS);
  try {
    const seen = await ports.models.use(run.detector, (model) =>
      detectTaken(run, others, model, ports),
    );
    return [...stopped, ...seen];
  } catch (error) {
    if (isPassing(error)) throw error;
    // No model, no photograph of it.
    return [...stopped, ...others.map(({ photo }) => failureOf(photo.id, error))];
  }
}

interface Readable {
  readonly taken: TakenPhoto;
  readonly image: NetworkImage;
}

async function detectTaken(
  run: RunReference,
  taken: readonly TakenPhoto[],
  model: ReadyModel,
  ports: DetectPorts,
): Promise<Outcome[]> {
  const read = await Promise.all(taken.map((one) => readPhoto(one, model, ports)));
  const readable = read.filter((one): one is Readable => 'image' in one);
  const unreadable = read.filter((one): one is Outcome => 'kind' in one);
  return [...unreadable, ...(await detectImages(run, readable, model))];
}

async function readPhoto(
  taken: TakenPhoto,
  { architecture }: ReadyModel,
  { objects, settings }: DetectPorts,
): Promise<Readable | Outcome> {
  const { photo } = taken;
  try {
    const bytes = await objects.get(photo.image.key);
    return { taken, image: await networkImage(bytes, architecture.image, settings.maxPixels) };
  } catch (error) {
    if (isPassing(error)) throw error;
    return failureOf(photo.id, error);
  }
}

/** All together; where that fails, each alone, so that one photograph does not take its neighbours with it. */
async function detectImages(
  run: RunReference,
  readable: readonly Readable[],
  model: ReadyModel,
): Promise<Outcome[]> {
  if (readable.length === 0) return [];
  try {
    const detected = await model.inference.detect(readable.map(({ image }) => image));
    countMetric('images', { service: 'detector', work: 'detect' }, readable.length);
    return readable.map(({ taken, image }, i) => {
      const detections = integerDetections(detected[i] ?? [], image.photo, model.categories);
      const found = { modelId: run.detector, photoId: taken.photo.id, detections };
      return { kind: 'found', found };
    });
  } catch (error) {
    const [only] = readable;
    if (readable.length === 1 && only !== undefined) return [failureOf(only.taken.photo.id, error)];
    const outcomes: Outcome[] = [];
    for (const one of readable) outcomes.push(...(await detectImages(run, [one], model)));
    return outcomes;
  }
}

/** What the photograph or the model itself is to blame for does not change by trying again. */
function failureOf(photoId: string, error: unknown): Outcome {
  const { message, retryable } = DeepStyleError.from(error);
  const reason = error instanceof DeepStyleError ? message : describe(error);
  return retryable
    ? { kind: 'failed', failure: { photoId, reason: reason.slice(0, MOST_REASON) } }
    : hopeless(photoId, reason);
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function hopeless(photoId: string, reason: string): Outcome {
  return { kind: 'hopeless', failure: { photoId, reason: reason.slice(0, MOST_REASON) } };
}
