import { convolutionKernels } from './convolution.ts';
import { creationKernels } from './creation.ts';
import { elementwiseKernels } from './elementwise.ts';
import type { KernelTable } from './kernel.ts';
import { linalgKernels } from './linalg.ts';
import { movementKernels } from './movement.ts';
import { normalizationKernels } from './normalization.ts';
import { reductionKernels } from './reduction.ts';

/** Every tfjs kernel that can be recorded, by tfjs's name. */
export const KERNELS: KernelTable = {
  ...creationKernels,
  ...elementwiseKernels,
  ...reductionKernels,
  ...movementKernels,
  ...linalgKernels,
  ...convolutionKernels,
  ...normalizationKernels,
};
