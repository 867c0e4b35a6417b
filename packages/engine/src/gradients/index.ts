import * as tf from '@tensorflow/tfjs-core';
import { convolutionGradients } from './convolution.ts';
import { elementwiseGradients } from './elementwise.ts';
import type { GradientTable } from './gradient.ts';
import { movementGradients } from './movement.ts';
import { normalizationGradients } from './normalization.ts';
import { reductionGradients } from './reduction.ts';
import { samplingGradients } from './sampling.ts';

/**
 * Gradients of tfjs kernels, in the words of tfjs operations. tfjs-core keeps its own in modules that
 * Node cannot import, so the engine brings these; the tape that applies them is tfjs's.
 */
export const GRADIENTS: GradientTable = {
  ...elementwiseGradients,
  ...reductionGradients,
  ...movementGradients,
  ...convolutionGradients,
  ...normalizationGradients,
  ...samplingGradients,
};

/** Registers the gradients with tfjs, once per process; those that are already there stay. */
export function registerGradients(): void {
  for (const [kernelName, gradient] of Object.entries(GRADIENTS)) {
    if (tf.getGradient(kernelName) === undefined) tf.registerGradient({ kernelName, ...gradient });
  }
}
