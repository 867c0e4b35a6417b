import { ganTrainerV1 } from '@deepstyle/contracts';
import { type GrpcService, serverStream } from '@deepstyle/service';
import { generateDesigns } from './gan-trainer.ts';
import { TRAINER_VERSION } from './manifest.ts';
import { IMAGE_SIZE } from './model/generator.ts';
import type { Ports } from './ports.ts';
import type { GeneratedDesign } from './records.ts';

export function grpcServices(ports: Ports): GrpcService[] {
  const implementation: ganTrainerV1.GanTrainerServiceServer = {
    generateDesigns: serverStream<
      ganTrainerV1.GenerateDesignsRequest,
      ganTrainerV1.GenerateDesignsResponse
    >(ports.logger, async function* (request, { signal }) {
      for await (const design of generateDesigns(request, ports, signal)) yield toResponse(design);
    }),
  };
  return [{ definition: ganTrainerV1.GanTrainerServiceService, implementation }];
}

function toResponse(design: GeneratedDesign): ganTrainerV1.GenerateDesignsResponse {
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
