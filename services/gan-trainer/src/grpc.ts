import { ganTrainerV1 } from '@deepstyle/contracts';
import { type GrpcService, serverStream } from '@deepstyle/service';
import type { GanTrainer } from './gan-trainer.ts';
import { TRAINER_VERSION } from './manifest.ts';
import { IMAGE_SIZE } from './model/generator.ts';
import type { Ports } from './ports.ts';
import type { GeneratedDesign } from './records.ts';

export function createGrpc({ logger }: Ports, ganTrainer: GanTrainer): readonly GrpcService[] {
  return [
    {
      definition: ganTrainerV1.GanTrainerServiceService,
      implementation: {
        generateDesigns: serverStream(
          logger,
          async function* (request: ganTrainerV1.GenerateDesignsRequest, { signal }) {
            const designs = ganTrainer.generateDesigns(request, signal);
            for await (const design of designs) yield designMessage(design);
          },
        ),
      },
    },
  ];
}

function designMessage(design: GeneratedDesign): ganTrainerV1.GenerateDesignsResponse {
  return {
    index: design.position,
    latent: [...design.latent],
    decoderVersion: TRAINER_VERSION,
    image: design.image,
    sizePx: IMAGE_SIZE,
    realism: design.realism,
    nearestGarments: [...design.nearest],
  };
}
