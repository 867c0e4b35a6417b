import type { DType, TensorData } from '../host-tensor.ts';

/** One element type of the safetensors format. */
export interface ElementFormat {
  readonly bytes: number;
  /** What it becomes here. */
  readonly dtype: DType;
  /** Reads one element; absent where the bytes are those of `dtype`. */
  readonly read?: (view: DataView, offset: number) => number;
}

/** IEEE 754 half precision: 1 sign, 5 exponent, 10 fraction bits. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16: the upper half of a float32. */
function brainToFloat(view: DataView, offset: number): number {
  const scratch = new DataView(new ArrayBuffer(4));
  scratch.setUint16(0, view.getUint16(offset, true));
  return scratch.getFloat32(0);
}

/** The formats that can be read, by the name in the header. */
export const FORMATS: Readonly<Record<string, ElementFormat>> = {
  F32: { bytes: 4, dtype: 'float32' },
  F16: { bytes: 2, dtype: 'float32', read: (v, at) => halfToFloat(v.getUint16(at, true)) },
  BF16: { bytes: 2, dtype: 'float32', read: brainToFloat },
  F64: { bytes: 8, dtype: 'float32', read: (v, at) => v.getFloat64(at, true) },
  I32: { bytes: 4, dtype: 'int32' },
  I64: { bytes: 8, dtype: 'int32', read: (v, at) => Number(v.getBigInt64(at, true)) },
  U32: { bytes: 4, dtype: 'int32', read: (v, at) => v.getUint32(at, true) },
  I16: { bytes: 2, dtype: 'int32', read: (v, at) => v.getInt16(at, true) },
  U16: { bytes: 2, dtype: 'int32', read: (v, at) => v.getUint16(at, true) },
  I8: { bytes: 1, dtype: 'int32', read: (v, at) => v.getInt8(at) },
  U8: { bytes: 1, dtype: 'int32', read: (v, at) => v.getUint8(at) },
  BOOL: { bytes: 1, dtype: 'bool', read: (v, at) => (v.getUint8(at) === 0 ? 0 : 1) },
};

/** The names under which tensors are written. */
export const WRITTEN = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const satisfies Record<
  DType,
  string
>;

const isInt32 = (value: number): boolean => (value | 0) === value;

/**
 * Fills `target` from bytes of a format.
 * @returns the first whole number that int32 cannot hold, or undefined
 */
export function readElements(
  bytes: Uint8Array,
  format: ElementFormat,
  target: TensorData,
): number | undefined {
  if (format.read === undefined) {
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes);
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < target.length; i++) {
    const element = format.read(view, i * format.bytes);
    if (format.dtype === 'int32' && !isInt32(element)) return element;
    target[i] = element;
  }
  return undefined;
}
