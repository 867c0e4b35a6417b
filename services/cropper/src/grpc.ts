import { cropperV1 } from '@deepstyle/contracts';
import { NotFoundError } from '@deepstyle/platform';
import { type GrpcService, pagesById, required, serverStream, unary } from '@deepstyle/service';
import type { Cropper } from './cropper.ts';
import type { Ports } from './ports.ts';
import { type GarmentRecord, garmentsOfRun, runsById, runsReadySince } from './records.ts';

export function createGrpc({ database, logger }: Ports, cropper: Cropper): readonly GrpcService[] {
  const announceRun = async ({ runId }: cropperV1.AnnounceRunRequest) => ({
    events: await cropper.announceRun(required('run_id', runId)),
  });
  return [
    {
      definition: cropperV1.CropperServiceService,
      implementation: {
        listGarments: serverStream(logger, listGarments),
        listRuns: serverStream(logger, listRuns),
        announceRun: unary(logger, announceRun),
      },
    },
  ];

  /** A short transaction for each page, so that a slow reader holds none open. */
  async function* listGarments(
    request: cropperV1.ListGarmentsRequest,
  ): AsyncIterable<cropperV1.ListGarmentsResponse> {
    const runId = required('run_id', request.runId);
    const [run] = await database.transaction('cropper.findRun', (tx) => runsById(tx, [runId]));
    if (run === undefined) throw new NotFoundError('run with garments', runId);
    const pages = pagesById((after, limit) =>
      database.transaction('cropper.listGarments', (tx) => garmentsOfRun(tx, runId, after, limit)),
    );
    for await (const page of pages)
      yield { garments: page.map((garment) => garmentMessage(garment, run.reference.season)) };
  }

  async function* listRuns({
    changedSince = new Date(0),
  }: cropperV1.ListRunsRequest): AsyncIterable<cropperV1.ListRunsResponse> {
    const pages = pagesById((after, limit) =>
      database.transaction('cropper.listRuns', (tx) =>
        runsReadySince(tx, changedSince, after, limit),
      ),
    );
    for await (const page of pages)
      for (const { id, readyAt } of page) yield { runId: id, updatedAt: readyAt ?? undefined };
  }
}

function garmentMessage(garment: GarmentRecord, season: string): cropperV1.Garment {
  const { id, photoId, brand, category, categoryType, image, widthPx, heightPx } = garment;
  return {
    id,
    photoId,
    season,
    brand: brand ?? '',
    category,
    categoryType,
    palette: [...garment.palette],
    image,
    widthPx,
    heightPx,
    createdAt: garment.createdAt,
  };
}
