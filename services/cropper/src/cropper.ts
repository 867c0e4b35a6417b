import { createHash } from 'node:crypto';
import {
  categoryName,
  categoryTypeOf,
  type EventData,
  type PhotoReference,
  type RunReference,
} from '@deepstyle/contracts';
import { NO_DETECTOR } from '@deepstyle/contracts/request-rules';
import { DeepStyleError, isTransient } from '@deepstyle/platform';
import { POSE_MODEL_ID, RemoteError } from '@deepstyle/service';
import { contentKey } from '@deepstyle/storage';
import type { RgbImage } from '@deepstyle/vision';
import { announceRun } from './announce-run.ts';
import type { CropperSettings } from './config.ts';
import { type Box, type Find, findsOf, garmentIdOf } from './crop.ts';
import { CropAttemptFailedError } from './errors.ts';
import { boxImage, type GarmentImage, wholeImage } from './garment-images.ts';
import { type GarmentLook, lookOf } from './garment-look.ts';
import { inTurn } from './in-turn.ts';
import { type PersonMask, weightsInCrop } from './person-mask.ts';
import { createPersonMasks, type PersonMasks } from './person-masks.ts';
import type { Ports } from './ports.ts';
import type { GarmentRecord } from './records.ts';
import { createRunLedger, type RunLedger } from './run-ledger.ts';

/** The use cases; each may be repeated and come in any order. */
export interface Cropper {
  readonly photoStored: (data: EventData<'deepstyle.photo.stored.v1'>) => Promise<void>;
  readonly photoDetected: (data: EventData<'deepstyle.photo.detected.v1'>) => Promise<void>;
  readonly photoFailed: (data: EventData<'deepstyle.photo.failed.v1'>) => Promise<void>;
  readonly scrapeCompleted: (data: EventData<'deepstyle.scrape.completed.v1'>) => Promise<void>;
  readonly runChanged: (data: EventData<'deepstyle.run.changed.v1'>) => Promise<void>;
  /** Says again that a run is ready, for a service that never got it. @throws NotFoundError */
  readonly announceRun: (runId: string) => Promise<number>;
  /** Puts away the network that tells people from what is behind them. */
  readonly close: () => Promise<void>;
}

const ATTEMPTS = 3;
const MAX_REASON = 2000;

interface CropPorts extends Pick<Ports, 'objects' | 'settings' | 'clock'> {
  readonly ledger: RunLedger;
  /** One at a time: a palette holds the thread for a while. */
  readonly lookAt: (seen: Seen) => Promise<GarmentLook>;
  readonly maskOf: PersonMasks['maskOf'];
}

/** A thumbnail with how much each of its pixels counts, where that is known. */
interface Seen {
  readonly thumbnail: RgbImage;
  readonly weights: Float32Array | null;
}

/** A photograph of a run with the garments to cut from it. */
interface Task {
  readonly run: RunReference;
  readonly photo: PhotoReference;
  readonly finds: readonly Find[];
}

export function createCropper(ports: Ports): Cropper {
  const { objects, settings, clock } = ports;
  const ledger = createRunLedger(ports);
  const masks = createPersonMasks(ports);
  const lookAt = inTurn(({ thumbnail, weights }: Seen) => lookOf(thumbnail, weights));
  const crop: CropPorts = { objects, settings, clock, ledger, lookAt, maskOf: masks.maskOf };
  return {
    photoStored: async ({ run, photo }) => {
      // With a detector the photograph comes again, with its boxes.
      if (run.detector !== NO_DETECTOR) return;
      await settleTask(crop, { run, photo, finds: [wholeFind(photo)] });
    },
    photoDetected: ({ run, photo, detections }) => {
      const finds = findsOf(photo.id, run.detector, detections, settings);
      return settleTask(crop, { run, photo, finds });
    },
    photoFailed: async ({ run, photoId, stage, reason }) => {
      // Our own failures are counted where they are published.
      if (stage === 'crop') return;
      await ledger.settle({ run, photoId, failure: { stage, reason }, garments: [] });
    },
    scrapeCompleted: ({ run, photos, incomplete = null, lost = 0 }) =>
      ledger.closeRun(run, photos, { incomplete, lost }),
    runChanged: async (change) => {
      if (await ledger.changeRun(change)) await askAgain(ports, change);
    },
    announceRun: (runId) => announceRun(ports, runId),
    close: () => masks.close(),
  };
}

/** Has the photographs of a run told again that were not taken while it was canceled, or failed before a retry. */
async function askAgain(
  { calls }: Pick<Ports, 'calls'>,
  { run, revision }: EventData<'deepstyle.run.changed.v1'>,
): Promise<void> {
  const request = { runId: run.id, revision };
  try {
    if (run.detector === NO_DETECTOR) await calls.announceScrapedRun(request);
    else await calls.announceDetectedRun(request);
  } catch (error) {
    // It has told nothing of the run so far.
    if (error instanceof RemoteError && error.code === 'NOT_FOUND') return;
    throw error;
  }
}

function wholeFind(photo: PhotoReference): Find {
  const box: Box = [0, 0, photo.widthPx, photo.heightPx];
  const category = categoryName(photo.category);
  const garmentId = garmentIdOf(photo.id, NO_DETECTOR, box);
  return { garmentId, box, category, categoryType: categoryTypeOf(category), score: null };
}

async function settleTask(ports: CropPorts, task: Task): Promise<void> {
  const { ledger } = ports;
  const { run, photo, finds } = task;
  const garmentIds = finds.map(({ garmentId }) => garmentId);
  const { isSettled, known } = await ledger.lookUp({
    runId: run.id,
    photoId: photo.id,
    garmentIds,
  });
  if (isSettled) return;
  try {
    const garments = await garmentsOf(ports, task, known);
    await ledger.settle({ run, photoId: photo.id, failure: null, garments });
  } catch (error) {
    await countFailure(ledger, task, error);
  }
}

/** A photograph that fails three times is settled as failed; until then the delivery is tried again. */
async function countFailure(
  ledger: RunLedger,
  { run, photo }: Task,
  error: unknown,
): Promise<void> {
  // A store that is away is not the photograph's fault.
  if (isTransient(error)) throw error;
  const reason = DeepStyleError.from(error).message.slice(0, MAX_REASON);
  const attempt = await ledger.countAttempt(run, photo.id, reason);
  if (attempt < ATTEMPTS) throw new CropAttemptFailedError(photo.id, attempt, ATTEMPTS, error);
  const failure = { stage: 'crop', reason } as const;
  await ledger.settle({ run, photoId: photo.id, failure, garments: [] });
}

/** Cuts what no earlier run has cut; the rest takes what this run's sources say of it. */
async function garmentsOf(
  ports: CropPorts,
  { photo, run, finds }: Task,
  known: readonly GarmentRecord[],
): Promise<readonly GarmentRecord[]> {
  const knownById = new Map(known.map((garment) => [garment.id, garment]));
  const missing = finds.some(({ garmentId }) => !knownById.has(garmentId));
  const bytes = missing ? await ports.objects.get(photo.image.key) : null;
  const mask = bytes === null ? null : await maskFor(ports, run, bytes);
  const garments: GarmentRecord[] = [];
  for (const find of finds) {
    const { category, categoryType } = find;
    const { brand } = photo;
    const earlier = knownById.get(find.garmentId);
    if (earlier !== undefined) garments.push({ ...earlier, category, categoryType, brand });
    else if (bytes !== null) {
      const image = await imageOf(bytes, run, find, ports.settings);
      if (image !== null) garments.push(await newGarment(ports, { photo, run, find, image, mask }));
    }
  }
  return garments;
}

function imageOf(
  bytes: Uint8Array,
  run: RunReference,
  find: Find,
  settings: CropperSettings,
): Promise<GarmentImage | null> {
  if (run.detector === NO_DETECTOR) return wholeImage(bytes, settings);
  return boxImage(bytes, find.box, find.categoryType, settings);
}

/** Boxes by the joints of people hold what is behind them, too. */
async function maskFor(
  { maskOf }: CropPorts,
  { detector }: RunReference,
  bytes: Uint8Array,
): Promise<PersonMask | null> {
  return detector === POSE_MODEL_ID ? maskOf(bytes) : null;
}

interface NewGarment {
  readonly photo: PhotoReference;
  readonly run: RunReference;
  readonly find: Find;
  readonly image: GarmentImage;
  readonly mask: PersonMask | null;
}

async function newGarment(
  ports: CropPorts,
  { photo, run, find, image: { encoded, widthPx, heightPx, thumbnail, cut }, mask }: NewGarment,
): Promise<GarmentRecord> {
  const { objects, clock } = ports;
  const { garmentId, box, category, categoryType, score } = find;
  const image =
    encoded === null
      ? photo.image
      : await objects.put(objectKey(encoded.bytes), encoded.bytes, encoded.contentType);
  const weights =
    mask === null || cut === null ? null : weightsInCrop(mask, cut.box, cut.photo, thumbnail);
  const look = await ports.lookAt({ thumbnail, weights });
  return {
    id: garmentId,
    photoId: photo.id,
    detector: run.detector,
    box,
    category,
    categoryType,
    score,
    brand: photo.brand,
    image,
    widthPx,
    heightPx,
    ...look,
    createdAt: clock(),
  };
}

function objectKey(bytes: Uint8Array): string {
  return contentKey('garments', createHash('sha256').update(bytes).digest('hex'));
}
