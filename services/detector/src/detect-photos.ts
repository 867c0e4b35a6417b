/** The job detector-detect: looks at a run's queued photographs, group by group, and settles each of them. */
import type { RunReference } from '@deepstyle/contracts';
import { announceDetections, announceFailures } from './announce-detections.ts';
import { DetectionInterruptedError, DetectionRetryError } from './errors.ts';
import type { InferenceCache } from './inference-cache.ts';
import { lookAtPhotos } from './look-at-photos.ts';
import { isPassing, type Outcome } from './photo-outcome.ts';
import type { Ports } from './ports.ts';
import { type ReadPhotos, readPhotos } from './read-photos.ts';
import {
  countAttempts,
  detectionsByModel,
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
  let failed: readonly string[];
  try {
    failed = await detectGroups(run.reference, job, signal, ports);
  } catch (error) {
    const isOutage = signal.aborted || isPassing(error);
    await database.transaction('detector.releasePhotos', (tx) =>
      releasePhotos(tx, runId, job, !isOutage),
    );
    throw signal.aborted ? new DetectionInterruptedError(runId) : error;
  }
  if (failed.length > 0) throw new DetectionRetryError(runId, failed.length);
}

/** Photographs that a job has taken, and what it has read of them. */
interface Group extends ReadPhotos {
  readonly taken: readonly TakenPhoto[];
}

/** While the network looks at one group, the next is read. @returns those to be tried again by another delivery */
async function detectGroups(
  run: RunReference,
  job: string,
  signal: AbortSignal,
  ports: DetectPorts,
): Promise<readonly string[]> {
  const failed: string[] = [];
  let group = await nextGroup(run, job, failed, ports);
  while (group.taken.length > 0) {
    signal.throwIfAborted();
    const inHand = group.taken.map(({ photo }) => photo.id);
    const settling = settle(run, group, ports);
    const reading = mayStopTheWorker(group)
      ? settling.then((again) => nextGroup(run, job, [...failed, ...again], ports))
      : nextGroup(run, job, [...failed, ...inHand], ports);
    // Both end before either's failure is told: after it nothing more is taken.
    await Promise.allSettled([settling, reading]);
    failed.push(...(await settling));
    group = await reading;
  }
  return failed;
}

/** What is read ahead would be blamed along with it. */
function mayStopTheWorker({ taken }: Group): boolean {
  return taken.some(({ takings, attempts }) => takings > attempts + 1);
}

async function nextGroup(
  run: RunReference,
  job: string,
  except: readonly string[],
  ports: DetectPorts,
): Promise<Group> {
  const now = ports.clock();
  const until = new Date(now.getTime() + TAKEN_MS);
  const taken = await ports.database.transaction('detector.takePhotos', (tx) =>
    takePhotos(tx, { runId: run.id, job, now, until }, GROUP, except),
  );
  return { taken, ...(await readPhotos(run, taken, ports)) };
}

/** Settles what can be settled; the ids of the others. */
async function settle(
  run: RunReference,
  { taken, readable, outcomes: known }: Group,
  ports: DetectPorts,
): Promise<string[]> {
  const outcomes = [...known, ...(await lookAtPhotos(run, readable, ports.models))];
  const attempts = new Map(taken.map(({ photo, attempts }) => [photo.id, attempts]));
  const isFinal = ({ photoId }: PhotoFailure) => (attempts.get(photoId) ?? 0) + 1 >= MOST_ATTEMPTS;
  const found = outcomes.flatMap((one) => (one.kind === 'found' ? [one.found] : []));
  const failures = failuresOf('failed', outcomes);
  const again = failures.filter((failure) => !isFinal(failure));
  const ended = [...failuresOf('hopeless', outcomes), ...failures.filter(isFinal)];
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

function failuresOf(kind: 'failed' | 'hopeless', outcomes: readonly Outcome[]): PhotoFailure[] {
  return outcomes.flatMap((one) => (one.kind === kind ? [one.failure] : []));
}
