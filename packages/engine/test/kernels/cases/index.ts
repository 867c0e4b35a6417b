/** Every kernel with inputs that show its edges. */
import type { Case } from './case.ts';
import { convolutionCases } from './convolution.ts';
import { creationCases } from './creation.ts';
import { elementwiseCases } from './elementwise.ts';
import { movementCases } from './movement.ts';
import { reductionCases } from './reduction.ts';
import { samplingCases } from './sampling.ts';

export const CASES: Record<string, Case[]> = {
  creation: creationCases,
  elementwise: elementwiseCases,
  reduction: reductionCases,
  movement: movementCases,
  'convolution and matrix products': convolutionCases,
  'pooling, resizing, gathering and detection': samplingCases,
};
