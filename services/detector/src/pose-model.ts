/** The detector by the joints of people, which was not trained here: its network is MoveNet. */
import { POSE_MODEL, POSE_MODEL_ID, readPoseNetwork } from '@deepstyle/service';
import { engineOptions } from '@deepstyle/training';
import type { DetectorSettings } from './config.ts';
import { POSE_CATEGORIES } from './model/pose-garments.ts';
import { createPoseInference, POSE_IMAGE } from './model/pose-inference.ts';
import type { Ports } from './ports.ts';
import { insertModel, type ModelRecord, modelsById } from './records.ts';

const NETWORK = 'movenet-multipose';

type PoseSettings = Pick<DetectorSettings, 'poseFolder' | 'minScore' | 'device' | 'threads'>;

/** Ready to be used. @throws PoseFilesError, and what the engine throws */
export async function openPoseModel(settings: PoseSettings) {
  const engine = engineOptions(settings);
  const files = await readPoseNetwork(settings.poseFolder, NETWORK);
  const inference = await createPoseInference(files, { minScore: settings.minScore, engine });
  return { architecture: { image: POSE_IMAGE }, categories: POSE_CATEGORIES, inference };
}

/** Its record, which a run can pin once its files are there; it is never the active one. @throws PoseFilesError */
export async function storePoseModel({ database, settings, clock }: Ports): Promise<ModelRecord> {
  await readPoseNetwork(settings.poseFolder, NETWORK);
  const model: ModelRecord = {
    id: POSE_MODEL_ID,
    datasetId: null,
    labels: 'types',
    categories: POSE_CATEGORIES,
    hyperparameters: POSE_MODEL,
    steps: null,
    trainSeconds: null,
    parameters: null,
    weightsKey: null,
    onnxKey: null,
    evaluation: null,
    createdAt: clock(),
  };
  return database.transaction('detector.storePoseModel', async (tx) => {
    await insertModel(tx, model);
    const [stored] = await modelsById(tx, [model.id]);
    return stored ?? model;
  });
}
