import { detectorV1 } from '@deepstyle/contracts';
import { type GrpcService, unary } from '@deepstyle/service';
import { getActiveModel } from './detector.ts';
import type { Ports } from './ports.ts';

export function grpcServices({ database, logger }: Ports): GrpcService[] {
  const getActiveModelCall = async (
    _request: detectorV1.GetActiveModelRequest,
  ): Promise<detectorV1.GetActiveModelResponse> => {
    const { id, categories } = await getActiveModel(database);
    return { modelId: id, categories: categories.map(({ name }) => name) };
  };
  return [
    {
      definition: detectorV1.DetectorServiceService,
      implementation: { getActiveModel: unary(logger, getActiveModelCall) },
    },
  ];
}
