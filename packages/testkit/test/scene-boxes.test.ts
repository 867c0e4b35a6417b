import { describe, expect, test } from '@jest/globals';
import { visibleParts } from '../src/scenes/scene-boxes.ts';

/** Rows of ids as the pixels of a mask. */
function maskOf(...rows: string[]) {
  const ids = rows.flatMap((row) => [...row].map(Number));
  const data = new Uint8Array(ids.flatMap((id) => [0, 0, id]));
  return { data, width: rows[0]?.length ?? 0 };
}

describe('what can be seen of the garments of a mask', () => {
  test('is the tightest box around all of its pixels, with their number', () => {
    const { data, width } = maskOf('00000', '01100', '00010', '00000');
    expect(visibleParts(data, width, 1)).toEqual([{ box: [1, 1, 3, 2], pixels: 3 }]);
  });

  test('reaches the edges of the picture', () => {
    const { data, width } = maskOf('001', '000', '100');
    expect(visibleParts(data, width, 1)).toEqual([{ box: [0, 0, 3, 3], pixels: 2 }]);
  });

  test('spans what something hides in its middle, and not what is hidden at its end', () => {
    const { data, width } = maskOf('1122011', '0022000');
    expect(visibleParts(data, width, 2).map((part) => part?.box)).toEqual([
      [0, 0, 7, 1],
      [2, 0, 2, 2],
    ]);
  });

  test('is nothing where a garment is hidden altogether', () => {
    const { data, width } = maskOf('2');
    expect(visibleParts(data, width, 2)).toEqual([undefined, { box: [0, 0, 1, 1], pixels: 1 }]);
  });
});
