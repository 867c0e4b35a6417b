import * as tf from '@tensorflow/tfjs-core';
import { elementwiseGradients } from './elementwise.ts';
import { gatherScatterGradients } from './gather-scatter.ts';
import type { GradientTable } from './gradient.ts';
import { linearGradients } from './linear.ts';
import { movementGradients } from './movement.ts';
import { normalizationGradients } from './normalization.ts';
import { reductionGradients } from './reduction.ts';
import { samplingGradients } from './sampling.ts';
import { mendTape } from './tape.ts';

/**
 * Gradients of tfjs kernels, in the words of tfjs operations. tfjs-core keeps its own in modules that
 * Node cannot import, so the engine brings these; the tape that applies them is tfjs's, mended (tape.ts).
 */
export const GRADIENTS: GradientTable = {
  ...elementwiseGradients,
  ...reductionGradients,
  ...movementGradients,
  ...linearGradients,
  ...normalizationGradients,
  ...samplingGradients,
  ...gatherScatterGradients,
};

/**
 * Registers the gradients with tfjs. They replace those that other packages registered: tfjs's own are in the words
 * of kernels that a graph does not have, or go wrong on its cpu backend (sampling.ts).
 */
export function registerGradients(): void {
  mendTape();
  for (const [kernelName, gradient] of Object.entries(GRADIENTS)) {
    tf.registerGradient({ kernelName, ...gradient });
  }
}
