import type { ganTrainerV1, RunReference } from '@deepstyle/contracts';
import {
  decodeRgb,
  dominantColor,
  encodeBlurhash,
  fitSquareRgb,
  pixel8Features,
  tensorOfRgb,
  VisionError,
} from '@deepstyle/vision';
import pMap from 'p-map';
import type { Candidate } from './curation.ts';
import { InvalidDesignError } from './errors.ts';
import { designIdOf, latentSeedOf } from './identifiers.ts';
import { inOpenRun } from './open-run.ts';
import type { Ports } from './ports.ts';
import { type DesignRecord, noteProgress } from './records.ts';

type RenderingPorts = Pick<
  Ports,
  'database' | 'objects' | 'calls' | 'settings' | 'logger' | 'clock'
>;

/** A design that the trainer rendered. */
export type RenderedDesign = Candidate & { readonly design: DesignRecord };

export interface RenderedDesigns {
  /** Those with a readable image, in the order of their index. */
  readonly candidates: readonly RenderedDesign[];
  /** The objects of all of them. */
  readonly imageKeys: ReadonlySet<string>;
}

const CONCURRENT_READS = 8;
/** Designs between two notes of progress. */
const PROGRESS_EVERY = 16;
/** Side of the image that features are taken from, in pixels. */
const LOOK_SIDE_PX = 64;

/**
 * Designs of a model for a run, the same ones each time.
 *
 * @throws InvalidDesignError, RunChangedError; what the trainer and the object store throw
 */
export async function renderDesigns(
  ports: RenderingPorts,
  run: RunReference,
  modelId: string,
): Promise<RenderedDesigns> {
  const responses = await receiveDesigns(ports, run, modelId);
  const designs = await pMap(responses, (response) => readDesign(ports, modelId, response), {
    concurrency: CONCURRENT_READS,
  });
  return {
    candidates: designs.filter((design) => design !== null),
    imageKeys: new Set(responses.map(({ image }) => image.key)),
  };
}

type DesignResponse = ganTrainerV1.GenerateDesignsResponse & {
  readonly image: ganTrainerV1.ObjectReference;
};

async function receiveDesigns(
  ports: RenderingPorts,
  run: RunReference,
  modelId: string,
): Promise<readonly DesignResponse[]> {
  const { calls, settings, clock } = ports;
  const requested = Math.max(settings.candidates, settings.designs);
  const byIndex = new Map<number, DesignResponse>();
  const progress = () => {
    const received = byIndex.size;
    const detail = `${received} of ${requested} designs generated`;
    return inOpenRun(ports, 'gallery.noteProgress', run, (tx) =>
      noteProgress(tx, run.id, { received, requested, detail }, clock()),
    );
  };
  await progress();
  const stream = calls.generateDesigns({
    modelId,
    count: requested,
    seed: latentSeedOf(run.id),
    requestKey: run.id,
  });
  for await (const { image, ...response } of stream) {
    // proto3 cannot say that a message field is required.
    if (image === undefined) throw new InvalidDesignError();
    byIndex.set(response.index, { ...response, image });
    if (byIndex.size % PROGRESS_EVERY === 0) await progress();
  }
  await progress();
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

/** Null where the image is no readable picture. */
async function readDesign(
  { objects, logger, clock }: RenderingPorts,
  modelId: string,
  response: DesignResponse,
): Promise<RenderedDesign | null> {
  const { latent, decoderVersion, image, realism, sizePx } = response;
  const look = await readLook(await objects.get(image.key)).catch((error: unknown) => {
    if (!(error instanceof VisionError)) throw error;
    logger.warn({ modelId, key: image.key, error }, 'a generated design is no readable image');
    return null;
  });
  if (look === null) return null;
  const { features, blurhash, dominantColor } = look;
  const nearestGarments = response.nearestGarments.map(({ garmentId, distance }) => ({
    garmentId,
    distance,
  }));
  return {
    imageSha256: image.sha256,
    realism,
    garmentDistances: nearestGarments.map(({ distance }) => distance),
    features,
    design: {
      id: designIdOf(modelId, decoderVersion, latent),
      modelId,
      decoderVersion,
      latent,
      realism,
      nearestGarments,
      image,
      sizePx,
      blurhash,
      dominantColor,
      createdAt: clock(),
    },
  };
}

/** What a design looks like: for comparing it, and for showing something before it has loaded. */
async function readLook(bytes: Uint8Array) {
  const image = await decodeRgb(bytes);
  const square = await fitSquareRgb(image, { sizePx: LOOK_SIDE_PX });
  const shape = { count: 1, height: LOOK_SIDE_PX, width: LOOK_SIDE_PX };
  return {
    // Feature space pixel8, [192] in [-1, 1]: the one in which the trainer finds nearest garments.
    features: pixel8Features(tensorOfRgb(square), shape).values,
    blurhash: encodeBlurhash(image),
    dominantColor: dominantColor(image),
  };
}
