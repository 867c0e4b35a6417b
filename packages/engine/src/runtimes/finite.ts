const BLOCK = 4096;

/** Index of the first NaN or infinity, or -1. */
export function firstNonFinite(data: Float32Array): number {
  for (let start = 0; start < data.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, data.length);
    // x * 0 is 0 for finite x and NaN otherwise, so one sum tells of a whole block.
    let sum = 0;
    for (let i = start; i < end; i++) sum += (data[i] as number) * 0;
    if (sum === 0) continue;
    for (let i = start; i < end; i++) if (!Number.isFinite(data[i])) return i;
  }
  return -1;
}
