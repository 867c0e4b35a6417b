/**
 * The detector by the joints of people: its network is MoveNet as another project publishes it, from files that
 * scripts/pose/fetch.sh fetches.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphModelFiles } from '@deepstyle/engine';
import { engineOptions } from '@deepstyle/training';
import type { DetectorSettings } from './config.ts';
import { PoseFilesError } from './errors.ts';
import { POSE_CATEGORIES } from './model/pose-garments.ts';
import { createPoseInference, POSE_IMAGE } from './model/pose-inference.ts';
import type { Ports } from './ports.ts';
import { insertModel, type ModelRecord, modelsById } from './records.ts';

/** Version of what makes boxes of joints; raised when the same photograph would get other boxes. */
const RULES_VERSION = 'pose/1';

/** SHA-256 of the network's files, as scripts/pose/fetch.sh knows them. */
const FILES = {
  'movenet-multipose.json': '3c76e18669efc50148b28d0be97db491dc055cb2be292d248ec129031c5aa5de',
  'movenet-multipose.bin': '19828492d4a69c2e08915916c70f4d22c421c3b59152dfa5601834fc54f54118',
} as const;

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** The same everywhere: what a model has seen it need not see again. */
export const POSE_MODEL_ID = sha256([RULES_VERSION, ...Object.values(FILES)].join('\n'));

const NETWORK = 'MoveNet MultiPose Lightning 1 (Google, Apache-2.0), boxes by the joints of people';

type PoseSettings = Pick<DetectorSettings, 'poseFolder' | 'minScore' | 'device' | 'threads'>;

/** @throws PoseFilesError */
async function readPoseFile(folder: string, name: keyof typeof FILES): Promise<Uint8Array> {
  const path = join(folder, name);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new PoseFilesError(path, 'is missing', error);
  });
  if (sha256(bytes) !== FILES[name]) {
    throw new PoseFilesError(path, 'is not the file that belongs there');
  }
  return bytes;
}

async function readPoseFiles({ poseFolder }: PoseSettings): Promise<GraphModelFiles> {
  const [json, weights] = await Promise.all([
    readPoseFile(poseFolder, 'movenet-multipose.json'),
    readPoseFile(poseFolder, 'movenet-multipose.bin'),
  ]);
  return { json: new TextDecoder().decode(json), weights };
}

/** Ready to be used. @throws PoseFilesError, and what the engine throws */
export async function openPoseModel(settings: PoseSettings) {
  const engine = engineOptions(settings);
  const files = await readPoseFiles(settings);
  const inference = await createPoseInference(files, { minScore: settings.minScore, engine });
  return { architecture: { image: POSE_IMAGE }, categories: POSE_CATEGORIES, inference };
}

/** Its record, which a run can pin once its files are there; it is never the active one. @throws PoseFilesError */
export async function storePoseModel({ database, settings, clock }: Ports): Promise<ModelRecord> {
  await readPoseFiles(settings);
  const model: ModelRecord = {
    id: POSE_MODEL_ID,
    datasetId: null,
    labels: 'types',
    categories: POSE_CATEGORIES,
    hyperparameters: { network: NETWORK, rules: RULES_VERSION, files: FILES },
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
