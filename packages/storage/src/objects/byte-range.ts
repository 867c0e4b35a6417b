import { InvalidRangeError } from '../errors.ts';
import type { ByteRange } from './object-store.ts';

/** The part of an object that a range means: `end` is cut to the last byte. @throws InvalidRangeError */
export function resolveRange(
  key: string,
  bytes: number,
  range: ByteRange | undefined,
): { readonly start: number; readonly length: number } {
  if (range === undefined) return { start: 0, length: bytes };
  const { start, end } = range;
  const isPossible =
    Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end >= start && start < bytes;
  if (!isPossible) throw new InvalidRangeError(key, start, end, bytes);
  return { start, length: Math.min(end, bytes - 1) - start + 1 };
}
