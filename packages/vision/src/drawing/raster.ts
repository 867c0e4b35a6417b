/** Rectangles and pen lines on a picture, in place. What lies outside of the picture is cut off. */
import type { RgbImage } from '../image.ts';
import type { Rgb } from './category-colors.ts';
import type { Line } from './stroke-font.ts';

/** Left, top, right, bottom; px, right and bottom exclusive. */
export type Rectangle = readonly [number, number, number, number];

/** @param box whole px */
export function fillRectangle(image: RgbImage, box: Rectangle, [red, green, blue]: Rgb): void {
  const { data, width } = image;
  const [left, top, right, bottom] = insideOf(image, box);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = (y * width + x) * 3;
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    }
  }
}

/** A frame whose outer edge is the box. @param thickness whole px */
export function drawFrame(image: RgbImage, box: Rectangle, thickness: number, color: Rgb): void {
  const [left, top, right, bottom] = box;
  const innerTop = Math.min(bottom, top + thickness);
  const innerBottom = Math.max(innerTop, bottom - thickness);
  fillRectangle(image, [left, top, right, innerTop], color);
  fillRectangle(image, [left, innerBottom, right, bottom], color);
  fillRectangle(image, [left, innerTop, Math.min(right, left + thickness), innerBottom], color);
  fillRectangle(image, [Math.max(left, right - thickness), innerTop, right, innerBottom], color);
}

/** Lines of a round pen with smooth edges; where they meet they are no darker. @param lines px */
export function drawLines(
  image: RgbImage,
  lines: readonly Line[],
  radius: number,
  color: Rgb,
): void {
  if (lines.length === 0) return;
  const area = insideOf(image, areaOf(lines, radius + 1));
  const [left, top, right, bottom] = area;
  const width = right - left;
  const covered = new Float32Array(width * (bottom - top));
  for (const line of lines) {
    const near = areaOf([line], radius + 1);
    const [fromX, fromY, toX, toY] = common(area, near);
    for (let y = fromY; y < toY; y++) {
      for (let x = fromX; x < toX; x++) {
        const cover = Math.min(1, radius + 0.5 - distanceTo(line, x + 0.5, y + 0.5));
        const at = (y - top) * width + (x - left);
        if (cover > (covered[at] as number)) covered[at] = cover;
      }
    }
  }
  for (const [at, cover] of covered.entries()) {
    if (cover > 0) blend(image, left + (at % width), top + Math.floor(at / width), color, cover);
  }
}

function blend({ data, width }: RgbImage, x: number, y: number, color: Rgb, cover: number): void {
  const at = (y * width + x) * 3;
  for (const [channel, byte] of color.entries()) {
    const before = data[at + channel] as number;
    data[at + channel] = Math.round(before + (byte - before) * cover);
  }
}

/** Of the middle of a pixel to a line. */
function distanceTo([fromX, fromY, toX, toY]: Line, x: number, y: number): number {
  const [across, down] = [toX - fromX, toY - fromY];
  const length = across * across + down * down;
  const along = length === 0 ? 0 : ((x - fromX) * across + (y - fromY) * down) / length;
  const part = Math.min(1, Math.max(0, along));
  const [dx, dy] = [x - fromX - part * across, y - fromY - part * down];
  return Math.sqrt(dx * dx + dy * dy);
}

/** Whole px around lines. */
function areaOf(lines: readonly Line[], margin: number): Rectangle {
  const xs = lines.flatMap(([fromX, , toX]) => [fromX, toX]);
  const ys = lines.flatMap(([, fromY, , toY]) => [fromY, toY]);
  return [
    Math.floor(Math.min(...xs) - margin),
    Math.floor(Math.min(...ys) - margin),
    Math.ceil(Math.max(...xs) + margin),
    Math.ceil(Math.max(...ys) + margin),
  ];
}

function insideOf({ width, height }: RgbImage, box: Rectangle): Rectangle {
  return common(box, [0, 0, width, height]);
}

/** What two share; without extent where that is nothing. */
export function common(one: Rectangle, other: Rectangle): Rectangle {
  const left = Math.max(one[0], other[0]);
  const top = Math.max(one[1], other[1]);
  return [
    left,
    top,
    Math.max(left, Math.min(one[2], other[2])),
    Math.max(top, Math.min(one[3], other[3])),
  ];
}
