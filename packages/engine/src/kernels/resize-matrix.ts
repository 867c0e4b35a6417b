/** What the kernels and the gradients of resizing share: one matrix per axis. */
export interface ResizeOptions {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** The [out, size] weights of one axis, row by row. */
export type ResizeWeights = (out: number, size: number, options: ResizeOptions) => Float32Array;

function ratio(out: number, size: number, alignCorners: boolean): number {
  return alignCorners && out > 1 ? (size - 1) / (out - 1) : size / out;
}

export const nearestWeights: ResizeWeights = (out, size, { alignCorners, halfPixelCenters }) => {
  const matrix = new Float32Array(out * size);
  const step = ratio(out, size, alignCorners);
  for (let row = 0; row < out; row++) {
    const position = step * (halfPixelCenters ? row + 0.5 : row);
    const source = alignCorners ? Math.round(position) : Math.floor(position);
    matrix[row * size + Math.min(size - 1, Math.max(0, source))] = 1;
  }
  return matrix;
};

export const bilinearWeights: ResizeWeights = (out, size, { alignCorners, halfPixelCenters }) => {
  const matrix = new Float32Array(out * size);
  const step = ratio(out, size, alignCorners);
  for (let row = 0; row < out; row++) {
    const position = halfPixelCenters ? step * (row + 0.5) - 0.5 : step * row;
    const low = Math.max(0, Math.floor(position));
    const high = Math.min(size - 1, Math.ceil(position));
    const share = position - low;
    const [a, c] = [row * size + Math.min(low, size - 1), row * size + high];
    matrix[a] = (matrix[a] ?? 0) + (1 - share);
    matrix[c] = (matrix[c] ?? 0) + share;
  }
  return matrix;
};
