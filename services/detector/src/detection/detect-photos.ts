/** The job detector-detect: takes a run's queued photographs, group by group, and settles each of them. */
import type { RunReference } from '@deepstyle/contracts';
import { isTransient } from '@deepstyle/platform';
import { isRunCanceled } from '@deepstyle/service';
import { DetectionInterruptedError, DetectionRetryError } from '../errors.ts';
import type { Ports } from '../ports.ts';
import {
  countAttempts,
  detectionsByModel,
  lockRuns,
  type PhotoFailure,
  releasePhotos,
  runsById,
  saveDetections,
  type TakenPhoto,
  takePhotos,
} from '../records.ts';
import { announceDetections, announceFailures } from './announce-detections.ts';
import type { InferenceCache } from './inference-cache.ts';
import { detectReadable, type Outcome, type ReadPhotos, readPhotos } from './photo-outcomes.ts';

/** Photographs taken, read and written together. */
const GROUP = 32;
/** A dead job's photographs go to others after so long; its own redelivery need not wait. */
export const TAKEN_MS = 300_000;
const MAX_ATTEMPTS = 3;

export interface DetectJob {
  readonly runId: string;
  /** Names the job in the queue. */
  readonly job: string;
}

type DetectPorts = Ports & { readonly models: InferenceCache };

/**
 * Returns once no photograph of the run is left that this job could take, or once the run is canceled.
 *
 * @throws DetectionInterruptedError, DetectionRetryError where photographs are to be tried again, and what another
 *   delivery may overcome
 */
export async function detectPhotos(
  ports: DetectPorts,
  { runId, job }: DetectJob,
  signal: AbortSignal,
): Promise<void> {
  const { database } = ports;
  const [run] = await database.transaction('detector.findRun', (tx) => runsById(tx, [runId]));
  if (run?.reference == null) return;
  let failed: readonly string[];
  try {
    failed = await detectGroups(ports, run.reference, job, signal);
  } catch (error) {
    const isOutage = signal.aborted || isTransient(error);
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

/** While the network works on one group, the next is read. @returns those to be tried again by another delivery */
async function detectGroups(
  ports: DetectPorts,
  run: RunReference,
  job: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const failed: string[] = [];
  let group = await nextGroup(ports, run, job, failed);
  while (group.taken.length > 0) {
    signal.throwIfAborted();
    const inHand = group.taken.map(({ photo }) => photo.id);
    const settling = settle(ports, run, group);
    const reading = hasStoppedAWorker(group)
      ? settling.then((again) => nextGroup(ports, run, job, [...failed, ...again]))
      : nextGroup(ports, run, job, [...failed, ...inHand]);
    // Both end before either failure is thrown: after it nothing more is taken.
    await Promise.allSettled([settling, reading]);
    failed.push(...(await settling));
    group = await reading;
  }
  return failed;
}

/** A photograph that stopped its worker before may do so again, and what was read ahead would be blamed with it. */
function hasStoppedAWorker({ taken }: Group): boolean {
  return taken.some(({ takings, attempts }) => takings > attempts + 1);
}

async function nextGroup(
  ports: DetectPorts,
  run: RunReference,
  job: string,
  except: readonly string[],
): Promise<Group> {
  const now = ports.clock();
  const until = new Date(now.getTime() + TAKEN_MS);
  const taken = await ports.database.transaction('detector.takePhotos', async (tx) => {
    if (!(await isRunCanceled(tx, run.id)))
      return takePhotos(tx, { runId: run.id, job, now, until }, GROUP, except);
    // What a delivery before has taken and not settled is free for the job that goes on.
    await releasePhotos(tx, run.id, job, true);
    return [];
  });
  return { taken, ...(await readPhotos(ports, run, taken)) };
}

/** Settles what can be settled; the ids of the others. */
async function settle(
  ports: DetectPorts,
  run: RunReference,
  { taken, readable, outcomes: known }: Group,
): Promise<string[]> {
  const outcomes = [...known, ...(await detectReadable(ports.models, run, readable))];
  const attempts = new Map(taken.map(({ photo, attempts }) => [photo.id, attempts]));
  const isFinal = ({ photoId }: PhotoFailure) => (attempts.get(photoId) ?? 0) + 1 >= MAX_ATTEMPTS;
  const found = outcomes.flatMap((one) => (one.kind === 'found' ? [one.found] : []));
  const failures = failuresOf('failed', outcomes);
  const again = failures.filter((failure) => !isFinal(failure));
  const ended = [...failuresOf('rejected', outcomes), ...failures.filter(isFinal)];
  await ports.database.transaction('detector.settlePhotos', async (tx) => {
    // Held, so that no retry comes in between: what fails after it says so.
    const [held] = await lockRuns(tx, [run], ports.clock());
    const current = held?.reference ?? run;
    await saveDetections(tx, found, ports.clock());
    // What the model found before, in another run, stands.
    const ids = found.map(({ photoId }) => photoId);
    const standing = await detectionsByModel(tx, run.detector, ids);
    await announceDetections(tx, ports, current, standing);
    await announceFailures(tx, ports, current, ended);
    await countAttempts(tx, run.id, again);
  });
  return again.map(({ photoId }) => photoId);
}

function failuresOf(kind: 'failed' | 'rejected', outcomes: readonly Outcome[]): PhotoFailure[] {
  return outcomes.flatMap((one) => (one.kind === kind ? [one.failure] : []));
}
