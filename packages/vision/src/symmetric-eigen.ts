/** Eigenvalues and, where asked for, eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** [n], in no particular order. */
  readonly values: Float64Array;
  /** [n, n]: column k is the unit eigenvector of `values[k]`. */
  readonly vectors: Float64Array;
}

/** Rotations below this part of the diagonal change nothing in double precision. */
const NEGLIGIBLE = 1e-300;
const MAX_SWEEPS = 60;

/**
 * Eigen decomposition of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, "Matrix Computations", section
 * 8.5): slower than tridiagonal methods, but it never fails on rank-deficient matrices and keeps small eigenvalues exact. For
 * n up to a few hundred.
 * @param matrix [n, n], row-major; only read
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  const a = Float64Array.from(matrix);
  const vectors = identity(n);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    const scale = diagonalNorm(a, n);
    const threshold = Math.max(NEGLIGIBLE, scale * 1e-17);
    if (!sweepOnce(a, vectors, n, threshold)) break;
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), vectors };
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

function diagonalNorm(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (a[i * n + i] as number) ** 2;
  return Math.sqrt(sum);
}

/** One rotation for every pair; false once nothing is left to rotate. */
function sweepOnce(a: Float64Array, vectors: Float64Array, n: number, threshold: number): boolean {
  let rotated = false;
  for (let p = 0; p < n - 1; p++) {
    for (let q = p + 1; q < n; q++) {
      const off = a[p * n + q] as number;
      if (Math.abs(off) <= threshold) continue;
      rotated = true;
      const theta = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * off);
      const sign = theta >= 0 ? 1 : -1;
      const tangent = sign / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
      const cosine = 1 / Math.sqrt(tangent * tangent + 1);
      rotateRows(a, n, p, q, cosine, tangent * cosine);
      rotateColumns(a, n, p, q, cosine, tangent * cosine);
      rotateColumns(vectors, n, p, q, cosine, tangent * cosine);
    }
  }
  return rotated;
}

function rotateRows(m: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  const rowP = p * n;
  const rowQ = q * n;
  for (let k = 0; k < n; k++) {
    const x = m[rowP + k] as number;
    const y = m[rowQ + k] as number;
    m[rowP + k] = c * x - s * y;
    m[rowQ + k] = s * x + c * y;
  }
}

function rotateColumns(
  m: Float64Array,
  n: number,
  p: number,
  q: number,
  c: number,
  s: number,
): void {
  for (let k = 0; k < n * n; k += n) {
    const x = m[k + p] as number;
    const y = m[k + q] as number;
    m[k + p] = c * x - s * y;
    m[k + q] = s * x + c * y;
  }
}
