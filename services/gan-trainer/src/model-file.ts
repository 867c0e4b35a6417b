/** What a finished model looks like as a file: pure. */
import { type HostTensor, unflattenTree } from '@deepstyle/engine';
import { decodeModelFile, encodeModelFile } from '@deepstyle/training';
import type { Features } from '@deepstyle/vision';
import type { StatisticsTensors } from './model/evaluation.ts';
import type { DiscriminatorWeights, GeneratorWeights } from './model/initialization.ts';

interface Networks {
  readonly generator: GeneratorWeights;
  readonly generatorStatistics: StatisticsTensors;
  readonly discriminator: DiscriminatorWeights;
  readonly discriminatorStatistics: StatisticsTensors;
}

/** A finished model: networks in evaluation mode, and the features of the garments it was trained on. */
export interface ModelFile extends Networks {
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
  return encodeModelFile(
    { ...networks, features: featureTensor },
    { garmentIds, latentSize, width },
  );
}

/** @throws CheckpointDamagedError */
export function decodeModel(bytes: Uint8Array, key: string): ModelFile {
  return decodeModelFile(bytes, key, ({ features, ...networks }, field) => {
    if (features === undefined) throw new Error('it holds no features');
    const { shape, data } = features;
    return {
      ...(unflattenTree(networks) as unknown as Networks),
      features: {
        values: data as Float32Array,
        count: shape[0] ?? 0,
        dimension: shape[1] ?? 0,
      },
      garmentIds: field<string[]>('garmentIds'),
      latentSize: field<number>('latentSize'),
      width: field<number>('width'),
    };
  });
}
