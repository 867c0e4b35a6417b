/** Photographs that a job has taken, read from the store and decoded for the network. */
import type { RunReference } from '@deepstyle/contracts';
import type { InferenceCache } from './inference-cache.ts';
import type { ImageSize } from './model/anchors.ts';
import type { NetworkImage } from './model/inference.ts';
import { networkImage } from './network-image.ts';
import { failureOf, hopeless, isPassing, type Outcome } from './photo-outcome.ts';
import type { Ports } from './ports.ts';
import type { TakenPhoto } from './records.ts';

/** Takings without an outcome: whatever kills the worker will kill the next one. */
const MOST_TAKINGS = 10;

export interface Readable {
  readonly photoId: string;
  readonly image: NetworkImage;
}

export interface ReadPhotos {
  readonly readable: readonly Readable[];
  /** Of those that the network need not see. */
  readonly outcomes: readonly Outcome[];
}

type ReadPorts = Pick<Ports, 'objects' | 'settings'> & { readonly models: InferenceCache };

/** @throws what another delivery may overcome, as a store that is away */
export async function readPhotos(
  run: RunReference,
  taken: readonly TakenPhoto[],
  ports: ReadPorts,
): Promise<ReadPhotos> {
  const stopped = taken
    .filter(({ takings }) => takings > MOST_TAKINGS)
    .map(({ photo }) =>
      hopeless(photo.id, `its worker stopped ${MOST_TAKINGS} times while looking at it`),
    );
  const others = taken.filter(({ takings }) => takings <= MOST_TAKINGS);
  if (others.length === 0) return { readable: [], outcomes: stopped };
  try {
    const network = await ports.models.use(
      run.detector,
      async ({ architecture }) => architecture.image,
    );
    const read = await Promise.all(others.map((one) => readPhoto(one, network, ports)));
    return {
      readable: read.filter((one): one is Readable => 'image' in one),
      outcomes: [...stopped, ...read.filter((one): one is Outcome => 'kind' in one)],
    };
  } catch (error) {
    if (isPassing(error)) throw error;
    // No model, no photograph of it.
    const failures = others.map(({ photo }) => failureOf(photo.id, error));
    return { readable: [], outcomes: [...stopped, ...failures] };
  }
}

async function readPhoto(
  { photo }: TakenPhoto,
  network: ImageSize,
  { objects, settings }: ReadPorts,
): Promise<Readable | Outcome> {
  try {
    const bytes = await objects.get(photo.image.key);
    return { photoId: photo.id, image: await networkImage(bytes, network, settings.maxPixels) };
  } catch (error) {
    if (isPassing(error)) throw error;
    return failureOf(photo.id, error);
  }
}
