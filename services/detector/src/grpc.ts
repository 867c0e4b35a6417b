import { detectorV1 } from '@deepstyle/contracts';
import { type GrpcService, required, serverStream, unary } from '@deepstyle/service';
import type { Detector } from './detector.ts';
import type { Ports } from './ports.ts';
import { runsById } from './records.ts';

export function createGrpc(
  { database, logger }: Ports,
  detector: Detector,
): readonly GrpcService[] {
  const getActiveModel = async (
    _request: detectorV1.GetActiveModelRequest,
  ): Promise<detectorV1.GetActiveModelResponse> => {
    const { id, categories } = await detector.getActiveModel();
    return { modelId: id, categories: categories.map(({ name }) => name) };
  };
  const getPoseModel = async (
    _request: detectorV1.GetPoseModelRequest,
  ): Promise<detectorV1.GetPoseModelResponse> => {
    const { id, categories } = await detector.getPoseModel();
    return { modelId: id, categories: categories.map(({ name }) => name) };
  };
  const announceRun = async ({ runId, revision }: detectorV1.AnnounceRunRequest) => ({
    events: await detector.announceRun(required('run_id', runId), revision),
  });
  return [
    {
      definition: detectorV1.DetectorServiceService,
      implementation: {
        getActiveModel: unary(logger, getActiveModel),
        getPoseModel: unary(logger, getPoseModel),
        listRuns: serverStream(logger, listRuns),
        announceRun: unary(logger, announceRun),
      },
    },
  ];

  async function* listRuns({
    runIds,
  }: detectorV1.ListRunsRequest): AsyncIterable<detectorV1.ListRunsResponse> {
    const runs = await database.transaction('detector.listRuns', (tx) => runsById(tx, runIds));
    for (const { id, done, failed, updatedAt } of runs) {
      yield { runId: id, photos: done + failed, updatedAt };
    }
  }
}
