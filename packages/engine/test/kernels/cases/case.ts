import type { HostTensor } from '../../../src/index.ts';
import type { Fn } from '../../parity.ts';

/** A function with inputs that show its edges, run forward and, if smooth, backward. */
export interface Case {
  readonly name: string;
  readonly fn: Fn;
  readonly inputs: HostTensor[];
  /** false: only the forward pass is compared. */
  readonly gradient?: boolean;
}
