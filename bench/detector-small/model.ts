/** What both sides run: the network of the demo's size, its weights drawn or those of a model's file. */
import { readFileSync } from 'node:fs';
import { createRandom } from '@deepstyle/engine';
import { drawScenes } from '@deepstyle/testkit';
import { decodeRgb } from '@deepstyle/vision';
import { foldStatistics } from '../../services/detector/src/model/faster-rcnn.ts';
import { decodeModel, type ModelFile } from '../../services/detector/src/model-file.ts';
import {
  type Hyperparameters,
  hyperparametersFor,
} from '../../services/detector/src/training/hyperparameters.ts';
import { initialState } from '../../services/detector/src/training/step.ts';

const CATEGORIES = 8;

export function demoHyperparameters(batchSize: number): Hyperparameters {
  return hyperparametersFor(
    { categories: CATEGORIES, images: 600, steps: null, maxSeconds: null, seed: 1 },
    { imageWidthPx: 192, imageHeightPx: 256, width: 16, batchSize },
  );
}

/** Of a `weights.safetensors`, or random. */
export function modelOf(file: string | undefined): ModelFile {
  if (file !== undefined) return decodeModel(readFileSync(file), file);
  const hyperparameters = demoHyperparameters(1);
  const { weights, statistics } = initialState(createRandom(1), hyperparameters);
  return {
    architecture: hyperparameters.architecture,
    weights: foldStatistics(weights, statistics),
    categories: Array.from({ length: CATEGORIES }, (_, i) => ({ name: `${i}`, type: 'other' })),
  };
}

export interface BenchImages {
  readonly jpegs: readonly Uint8Array[];
  /** sRGB bytes [256, 192, 3]. */
  readonly pixels: readonly Uint8Array[];
}

export async function drawImages(count: number): Promise<BenchImages> {
  const { photos } = await drawScenes({ seed: 5, seasons: ['SS2026'], perSeason: count });
  const jpegs = photos.map(({ bytes }) => bytes);
  const decoded = await Promise.all(jpegs.map((jpeg) => decodeRgb(jpeg)));
  return { jpegs, pixels: decoded.map(({ data }) => data) };
}
