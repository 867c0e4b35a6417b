/** The model that this worker used last, ready to be used again. */
import { POSE_MODEL_ID } from '@deepstyle/service';
import { engineOptions } from '@deepstyle/training';
import { UnknownModelError } from '../errors.ts';
import { createInference, type Inference } from '../model/inference.ts';
import { decodeModel, type ModelFile } from '../model-file.ts';
import type { Ports } from '../ports.ts';
import { openPoseModel } from '../pose-model.ts';
import { modelsById } from '../records.ts';
import { INFERENCE_PROPOSALS, POSTPROCESS } from '../training/hyperparameters.ts';

export interface ReadyModel extends Pick<ModelFile, 'categories'> {
  readonly architecture: Pick<ModelFile['architecture'], 'image'>;
  readonly inference: Inference;
}

export interface InferenceCache {
  /** Lends a model for as long as `work` runs. @throws UnknownModelError, CheckpointDamagedError, and what engine and store throw */
  use<T>(modelId: string, work: (model: ReadyModel) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** After so long without work the model's memory is given back. */
const IDLE_MS = 60_000;

export function createInferenceCache(ports: Ports): InferenceCache {
  let kept: { readonly modelId: string; readonly model: Promise<ReadyModel> } | null = null;
  let idle: NodeJS.Timeout | undefined;
  let users = 0;

  async function drop(): Promise<void> {
    clearTimeout(idle);
    const dropped = kept;
    kept = null;
    const model = await dropped?.model.catch(() => null);
    await model?.inference.dispose();
  }

  async function modelOf(modelId: string): Promise<ReadyModel> {
    clearTimeout(idle);
    if (kept?.modelId !== modelId) {
      await drop();
      kept = { modelId, model: openModel(ports, modelId) };
    }
    return kept.model;
  }

  return {
    async use(modelId, work) {
      users += 1;
      try {
        return await work(await modelOf(modelId));
      } catch (error) {
        // Whatever went wrong, the next use begins with a fresh one.
        await drop();
        throw error;
      } finally {
        users -= 1;
        clearTimeout(idle);
        if (users === 0) {
          idle = setTimeout(() => {
            drop().catch((error: unknown) => {
              ports.logger.warn({ error }, 'an idle model could not be put away');
            });
          }, IDLE_MS).unref();
        }
      }
    },
    close: drop,
  };
}

async function openModel(ports: Ports, modelId: string): Promise<ReadyModel> {
  if (modelId === POSE_MODEL_ID) return openPoseModel(ports.settings);
  const [record] = await ports.database.transaction('detector.openModel', (tx) =>
    modelsById(tx, [modelId]),
  );
  if (record?.weightsKey == null) throw new UnknownModelError(modelId);
  const file = decodeModel(await ports.objects.get(record.weightsKey), record.weightsKey);
  const { minScore } = ports.settings;
  const inference = await createInference(file, {
    proposals: INFERENCE_PROPOSALS,
    postprocess: { ...POSTPROCESS, minScore },
    engine: engineOptions(ports.settings),
  });
  return { architecture: file.architecture, categories: file.categories, inference };
}
