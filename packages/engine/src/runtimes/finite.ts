import { NonFiniteError } from '../errors.ts';
import type { HostTensor } from '../host-tensor.ts';

const BLOCK = 4096;

/** Whether no element is NaN or infinite. */
export function isFiniteTensor({ dtype, data }: HostTensor): boolean {
  if (dtype !== 'float32') return true;
  for (let start = 0; start < data.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, data.length);
    // x * 0 is 0 for finite x and NaN otherwise, so one sum tells of a whole block.
    let sum = 0;
    for (let i = start; i < end; i++) sum += (data[i] as number) * 0;
    if (sum !== 0) return false;
  }
  return true;
}

/** @throws NonFiniteError naming the first tensor that holds NaN or infinity */
export function checkFinite(step: number, tensors: Readonly<Record<string, HostTensor>>): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (!isFiniteTensor(tensor)) throw new NonFiniteError(step, name);
  }
}
