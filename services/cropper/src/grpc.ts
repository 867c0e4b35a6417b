import { cropperV1 } from '@deepstyle/contracts';
import { NotFoundError } from '@deepstyle/platform';
import { type GrpcService, required, serverStream } from '@deepstyle/service';
import type { Ports } from './ports.ts';
import { type GarmentRecord, garmentsOfRun, runsById } from './records.ts';

const PAGE = 500;

export function createGrpc({ database, logger }: Ports): readonly GrpcService[] {
  return [
    {
      definition: cropperV1.CropperServiceService,
      implementation: { listGarments: serverStream(logger, listGarments) },
    },
  ];

  /** A short transaction for each page, so that a slow reader holds none open. */
  async function* listGarments(
    request: cropperV1.ListGarmentsRequest,
  ): AsyncIterable<cropperV1.ListGarmentsResponse> {
    const runId = required('run_id', request.runId);
    const [run] = await database.transaction('cropper.findRun', (tx) => runsById(tx, [runId]));
    if (run === undefined) throw new NotFoundError('run with garments', runId);
    let after = '';
    for (;;) {
      const page = await database.transaction('cropper.listGarments', (tx) =>
        garmentsOfRun(tx, runId, after, PAGE),
      );
      if (page.length > 0)
        yield { garments: page.map((garment) => garmentMessage(garment, run.reference.season)) };
      if (page.length < PAGE) return;
      after = page.at(-1)?.id ?? after;
    }
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
