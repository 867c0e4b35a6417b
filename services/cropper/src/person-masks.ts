/** Where the people of photographs are, by the selfie segmentation of MediaPipe; see scripts/pose/fetch.sh. */
import type { CompiledFunction } from '@deepstyle/engine';
import { PoseFilesError, readPoseNetwork } from '@deepstyle/service';
import { squareImage } from './garment-images.ts';
import { inTurn } from './in-turn.ts';
import type { PersonMask } from './person-mask.ts';
import type { Ports } from './ports.ts';

export interface PersonMasks {
  /** Null where the network is not there. @throws UnreadablePhotoError, and what the engine and the file system throw */
  readonly maskOf: (photo: Uint8Array) => Promise<PersonMask | null>;
  /** Puts the network away. */
  readonly close: () => Promise<void>;
}

/** Pixels of a side of the network's image. */
const SIDE = 256;
const INPUT = 'input_1:0';

export function createPersonMasks(ports: Pick<Ports, 'settings' | 'logger'>): PersonMasks {
  const { settings, logger } = ports;
  let opened: Promise<CompiledFunction | null> | undefined;

  async function open(): Promise<CompiledFunction | null> {
    try {
      const files = await readPoseNetwork(settings.poseFolder, 'selfie');
      // Only a run by the joints of people needs it.
      const { compileGraphModel } = await import('@deepstyle/engine');
      const spec = { shape: [1, SIDE, SIDE, 3], dtype: 'float32' as const };
      return await compileGraphModel(files, { [INPUT]: spec }, { threads: 1 });
    } catch (error) {
      if (!(error instanceof PoseFilesError)) throw error;
      logger.warn({ reason: error.message }, 'colors are told without the mask of the person');
      return null;
    }
  }

  const run = inTurn(
    async ({ network, pixels }: { network: CompiledFunction; pixels: Uint8Array }) =>
      network.run({ [INPUT]: Float32Array.from(pixels, (value) => value / 255) }),
  );

  return {
    maskOf: async (photo) => {
      opened ??= open().catch((error: unknown) => {
        // The next photograph tries again.
        opened = undefined;
        throw error;
      });
      const network = await opened;
      if (network === null) return null;
      const outputs = await run({ network, pixels: await squareImage(photo, SIDE, settings) });
      const [output] = Object.values(outputs);
      return { side: SIDE, shares: output?.data as Float32Array };
    },
    close: async () => {
      const network = await opened?.catch(() => null);
      await network?.dispose();
    },
  };
}
