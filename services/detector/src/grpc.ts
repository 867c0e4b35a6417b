import { detectorV1 } from '@deepstyle/contracts';
import { type GrpcService, unary } from '@deepstyle/service';
import type { Detector } from './detector.ts';
import type { Ports } from './ports.ts';

export function createGrpc({ logger }: Ports, detector: Detector): readonly GrpcService[] {
  const getActiveModel = async (
    _request: detectorV1.GetActiveModelRequest,
  ): Promise<detectorV1.GetActiveModelResponse> => {
    const { id, categories } = await detector.getActiveModel();
    return { modelId: id, categories: categories.map(({ name }) => name) };
  };
  return [
    {
      definition: detectorV1.DetectorServiceService,
      implementation: { getActiveModel: unary(logger, getActiveModel) },
    },
  ];
}
