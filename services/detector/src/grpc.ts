import { detectorV1 } from '@deepstyle/contracts';
import type { Logger } from '@deepstyle/platform';
import { type GrpcService, unary } from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import { getActiveModel } from './detector.ts';

export function createGrpc(database: Database, logger: Logger): GrpcService {
  return {
    definition: detectorV1.DetectorServiceService,
    implementation: {
      getActiveModel: unary(
        logger,
        async (
          _request: detectorV1.GetActiveModelRequest,
        ): Promise<detectorV1.GetActiveModelResponse> => {
          const { id, categories } = await getActiveModel(database);
          return { modelId: id, categories: [...categories] };
        },
      ),
    },
  };
}
