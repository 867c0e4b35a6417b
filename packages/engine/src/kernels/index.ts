import { creationKernels } from './creation.ts';
import { depthwiseKernels } from './depthwise.ts';
import { detectionKernels } from './detection.ts';
import { elementwiseKernels } from './elementwise.ts';
import { gatherScatterKernels } from './gather-scatter.ts';
import type { KernelTable } from './kernel.ts';
import { linearKernels } from './linear.ts';
import { movementKernels } from './movement.ts';
import { normalizationKernels } from './normalization.ts';
import { poolingKernels } from './pooling.ts';
import { reductionKernels } from './reduction.ts';
import { resizeKernels } from './resize.ts';

/** Every tfjs kernel that can be recorded, by tfjs's name. */
export const KERNELS: KernelTable = {
  ...creationKernels,
  ...elementwiseKernels,
  ...reductionKernels,
  ...movementKernels,
  ...linearKernels,
  ...depthwiseKernels,
  ...normalizationKernels,
  ...poolingKernels,
  ...resizeKernels,
  ...gatherScatterKernels,
  ...detectionKernels,
};
