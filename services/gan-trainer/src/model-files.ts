/** What a finished model looks like as a file: pure. */
import {
  decodeSafetensors,
  encodeSafetensors,
  flattenTree,
  type HostTensor,
  readSafetensorsMetadata,
  type Tree,
  unflattenTree,
} from '@deepstyle/engine';
import { decodeStored } from '@deepstyle/service/training-jobs';
import type { Features } from '@deepstyle/vision';
import type { DiscriminatorWeights, GeneratorWeights } from './model/initialisation.ts';
import type { StatisticsTensors } from './training/compiled.ts';
import type { TrainingState } from './training/step.ts';

/** A finished model: networks at rest, and the features of the garments it was trained on. */
export interface ModelFile {
  readonly generator: GeneratorWeights;
  readonly generatorStatistics: StatisticsTensors;
  readonly discriminator: DiscriminatorWeights;
  readonly discriminatorStatistics: StatisticsTensors;
  /** Rows in the order of `garmentIds`. */
  readonly features: Features;
  readonly garmentIds: readonly string[];
  readonly latentSize: number;
  readonly width: number;
}

export function encodeModel(model: ModelFile): Uint8Array {
  const { features, garmentIds, latentSize, width, ...networks } = model;
  const featureTensor: HostTensor = {
    shape: [features.count, features.dimension],
    dtype: 'float32',
    data: Float32Array.from(features.values),
  };
  return encodeSafetensors(
    { ...flatten(networks), features: featureTensor },
    {
      garmentIds: JSON.stringify(garmentIds),
      latentSize: String(latentSize),
      width: String(width),
    },
  );
}

/** @throws CheckpointDamagedError */
export function decodeModel(bytes: Uint8Array, key: string): ModelFile {
  return decodeStored(key, () => {
    const { features, ...networks } = decodeSafetensors(bytes);
    const metadata = readSafetensorsMetadata(bytes);
    if (features === undefined) throw new Error('it holds no features');
    const tree = unflattenTree(networks) as unknown as Omit<
      ModelFile,
      'features' | 'garmentIds' | 'latentSize' | 'width'
    >;
    return {
      ...tree,
      features: {
        values: features.data as Float32Array,
        count: features.shape[0] ?? 0,
        dimension: features.shape[1] ?? 0,
      },
      garmentIds: JSON.parse(metadata['garmentIds'] ?? '') as string[],
      latentSize: Number(metadata['latentSize']),
      width: Number(metadata['width']),
    };
  });
}

/** Numbers that training changes, in both networks. */
export function parameterCount(state: Pick<TrainingState, 'generator' | 'discriminator'>): number {
  const { generator, discriminator } = state;
  return Object.values(flatten({ generator, discriminator })).reduce(
    (sum, { data }) => sum + data.length,
    0,
  );
}

function flatten(tree: object): Record<string, HostTensor> {
  return flattenTree<HostTensor>(tree as Tree<HostTensor>);
}
