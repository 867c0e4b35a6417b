import { describe, expect, test } from '@jest/globals';
import { CAPITAL_UNITS, DESCENT_UNITS, penText } from '../../src/drawing/stroke-font.ts';

const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const FRAME = penText('衣');

describe('penText', () => {
  test.each(ASCII)(
    'has a form for "%s", between the top of a capital and the lowest point',
    (letter) => {
      const { lines, widthUnits } = penText(letter);
      expect(lines.length > 0).toBe(letter !== ' ');
      expect(lines).not.toEqual(FRAME.lines);
      for (const [fromX, fromY, toX, toY] of lines) {
        expect(Math.min(fromX, toX)).toBeGreaterThanOrEqual(0);
        expect(Math.max(fromX, toX)).toBeLessThanOrEqual(widthUnits);
        expect(Math.min(fromY, toY)).toBeGreaterThanOrEqual(0);
        expect(Math.max(fromY, toY)).toBeLessThanOrEqual(CAPITAL_UNITS + DESCENT_UNITS);
      }
    },
  );

  test('no two letters have the same form', () => {
    const forms = ASCII.map((letter) => JSON.stringify(penText(letter).lines));
    expect(new Set(forms).size).toBe(ASCII.length);
  });

  test('writes letters with accents without them, composed or not', () => {
    expect(penText('Café à la Größe')).toEqual(penText('Cafe a la Grosse'));
    expect(penText('é'.normalize('NFD'))).toEqual(penText('é'.normalize('NFC')));
  });

  test('draws a frame where a letter has no form, and nothing for no text', () => {
    expect(FRAME.lines).toHaveLength(4);
    expect(penText('')).toEqual({ widthUnits: 0, lines: [] });
    expect(penText('a\n\tb')).toEqual(penText('a b'));
  });

  test('letters follow each other without touching', () => {
    const one = penText('d').widthUnits;
    const [, , , , ...second] = penText('dd').lines;
    expect(Math.min(...second.slice(-8).flatMap(([from, , to]) => [from, to]))).toBeGreaterThan(
      one,
    );
  });
});
