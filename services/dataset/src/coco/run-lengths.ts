import type { DatasetAnnotation } from '@deepstyle/contracts';
import { isNumbers } from './values.ts';

type Box = DatasetAnnotation['bbox'];

/**
 * A mask as COCO codes it: lengths of runs along the columns, the first one of background; in a list, or as pycocotools
 * packs them into text.
 */
export interface RunLengths {
  readonly size: [number, number];
  readonly counts: string | number[];
}

// Of each character of the text 5 bits are of the number, and one says that it goes on.
const [FIRST_CHARACTER, MORE, SIGN, BITS] = [48, 32, 16, 5] as const;
const MAX_BITS = 30;

/** Null where a value is none. */
export function runLengthsOf(value: unknown): RunLengths | null {
  if (typeof value !== 'object' || value === null) return null;
  const { size, counts } = value as { size?: unknown; counts?: unknown };
  if (!isNumbers(size) || size.length !== 2) return null;
  if (typeof counts !== 'string' && !isNumbers(counts)) return null;
  return { size: [size[0] ?? 0, size[1] ?? 0], counts };
}

/** The box around a mask; null where it is empty, or its runs are none of its size. */
export function runLengthBox({ size: [height, width], counts }: RunLengths): Box | null {
  const runs = typeof counts === 'string' ? unpacked(counts) : counts;
  if (runs === null || !fits(runs, height * width)) return null;
  let [left, top, right, bottom] = [width, height, 0, 0];
  let at = 0;
  for (const [i, run] of runs.entries()) {
    if (i % 2 === 1 && run > 0) {
      const [firstRow, endRow] = rowsOf(at, at + run, height);
      left = Math.min(left, Math.floor(at / height));
      right = Math.max(right, Math.ceil((at + run) / height));
      top = Math.min(top, firstRow);
      bottom = Math.max(bottom, endRow);
    }
    at += run;
  }
  return right > left ? [left, top, right - left, bottom - top] : null;
}

function fits(runs: readonly number[], pixels: number): boolean {
  const total = runs.reduce((sum, run) => sum + run, 0);
  return total <= pixels && runs.every((run) => run >= 0);
}

/** A run that goes on in the next column reaches from its bottom to the top. */
function rowsOf(start: number, end: number, height: number): [number, number] {
  const isInOne = Math.floor(start / height) === Math.floor((end - 1) / height);
  return isInOne ? [start % height, ((end - 1) % height) + 1] : [0, height];
}

/** From the third run on, text holds differences to the run before the last. */
function unpacked(text: string): number[] | null {
  const runs: number[] = [];
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let bits = 0;
    let code = MORE;
    while ((code & MORE) !== 0) {
      code = text.charCodeAt(at) - FIRST_CHARACTER;
      // Not a number behind the end.
      if (!(code >= 0 && code < 2 * MORE) || bits > MAX_BITS) return null;
      value |= (code & (MORE - 1)) << bits;
      bits += BITS;
      at += 1;
    }
    if ((code & SIGN) !== 0 && bits <= MAX_BITS) value |= -1 << bits;
    const before = runs.length > 2 ? (runs.at(-2) as number) : 0;
    runs.push(value + before);
  }
  return runs;
}
