import { ganTrainerV1 } from '@deepstyle/contracts';
import { type GrpcService, pagesById, required, serverStream, unary } from '@deepstyle/service';
import type { GanTrainer } from './gan-trainer.ts';
import { TRAINER_VERSION } from './manifest.ts';
import { IMAGE_SIZE } from './model/generator.ts';
import type { Ports } from './ports.ts';
import { type GeneratedDesign, runsEndedSince } from './records.ts';

export function createGrpc(
  { database, logger }: Ports,
  ganTrainer: GanTrainer,
): readonly GrpcService[] {
  const announceRun = async ({ runId }: ganTrainerV1.AnnounceRunRequest) => ({
    events: await ganTrainer.announceRun(required('run_id', runId)),
  });
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
        listRuns: serverStream(logger, listRuns),
        announceRun: unary(logger, announceRun),
      },
    },
  ];

  async function* listRuns({
    changedSince = new Date(0),
  }: ganTrainerV1.ListRunsRequest): AsyncIterable<ganTrainerV1.ListRunsResponse> {
    const pages = pagesById((after, limit) =>
      database.transaction('gan-trainer.listRuns', (tx) =>
        runsEndedSince(tx, changedSince, after, limit),
      ),
    );
    for await (const page of pages)
      for (const { id, updatedAt } of page) yield { runId: id, updatedAt };
  }
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
