import { cropperV1, ganTrainerV1 } from '@deepstyle/contracts';
import { createLogger, type Environment } from '@deepstyle/platform';
import { serverStream } from '@deepstyle/service';
import { type RunningService, runService, servePeers } from '@deepstyle/testkit/services';
import { gallery } from '../src/index.ts';
import { drawnPeers } from './peers.ts';

export type RunningGallery = Awaited<ReturnType<typeof runGallery>>;

/** The service, with stand-ins for its peers. */
export async function runGallery(settings: Environment) {
  const logger = createLogger({ level: 'silent', name: 'peers' });
  const peers = drawnPeers(() => service.objects);
  const served = await servePeers([
    {
      definition: cropperV1.CropperServiceService,
      implementation: { listGarments: serverStream(logger, peers.listGarments) },
    },
    {
      definition: ganTrainerV1.GanTrainerServiceService,
      implementation: { generateDesigns: serverStream(logger, peers.generateDesigns) },
    },
  ]);
  const service: RunningService = await runService(gallery, {
    settings: {
      CROPPER_GRPC_ADDRESS: served.address,
      GAN_TRAINER_GRPC_ADDRESS: served.address,
      ...settings,
    },
  });
  return {
    ...service,
    peers,
    close: async () => {
      await service.close();
      served.close();
    },
  };
}
