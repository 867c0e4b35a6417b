/**
 * Boxes with labels on a picture, readable on any photograph: each line is a bright color between two black ones, each
 * label black on that color. Sizes follow the picture's. The same pixels on every machine.
 */
import type { RgbImage } from '../image.ts';
import { BLACK, type Rgb } from './category-colors.ts';
import { labelPlace } from './label-places.ts';
import { drawFrame, drawLines, fillRectangle, type Rectangle } from './raster.ts';
import {
  CAPITAL_UNITS,
  DESCENT_UNITS,
  type Line,
  PEN_RADIUS_UNITS,
  type PenText,
  penText,
} from './stroke-font.ts';

export interface LabeledBox {
  /** Left, top, right, bottom, px of the picture; right and bottom exclusive. */
  readonly box: readonly [number, number, number, number];
  readonly label: string;
  readonly color: Rgb;
}

/** Sizes of what is drawn on a picture, px. */
interface Sizes {
  /** Whole. */
  readonly edge: number;
  /** Whole. */
  readonly line: number;
  readonly capital: number;
}

/** A label that is laid out. */
interface Label {
  readonly text: PenText;
  /** Px of one unit of the pen. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

/** A picture of this side, or less, has lines of two px between edges of one. */
const SIDE_OF_UNIT_PX = 640;
const CAPITAL_PX = 11;
/** Smaller letters are hard to read. */
const SMALL_CAPITAL_PX = 8;
/** Still smaller ones cannot be read: rather a part of the text. */
const MIN_CAPITAL_PX = 6;
/** Between the letters and the edge of their label. */
const PADDING_UNITS = 3.5;
/** The rest of a text that does not fit. */
const CUT = '..';
const MIN_LETTERS = 3;

/** Draws into the picture; the first box lies on top. */
export function drawBoxes(image: RgbImage, boxes: readonly LabeledBox[]): void {
  const sizes = sizesFor(image);
  const lines = boxes.map(({ box }) => wholeBox(box));
  for (const [i, { color }] of [...boxes.entries()].reverse()) {
    drawBox(image, lines[i] as Rectangle, color, sizes);
  }
  const places: Rectangle[] = [];
  for (const [i, { label, color }] of boxes.entries()) {
    const laidOut = labelFor(label, image.width, sizes);
    if (laidOut === null) continue;
    const thickness = sizes.line + 2 * sizes.edge;
    const place = labelPlace(image, lines[i] as Rectangle, laidOut, thickness, places);
    drawLabel(image, place, laidOut, color, sizes);
    places.push(place);
  }
}

function sizesFor({ width, height }: RgbImage): Sizes {
  const size = Math.sqrt(width * height) / SIDE_OF_UNIT_PX;
  const unit = Math.max(1, size);
  const capital = Math.max(SMALL_CAPITAL_PX, CAPITAL_PX * size);
  return { edge: Math.round(unit), line: Math.round(2 * unit), capital };
}

/** The outermost pixels of the box are under the colored line. */
function wholeBox([left, top, right, bottom]: LabeledBox['box']): Rectangle {
  const [x, y] = [Math.round(left), Math.round(top)];
  return [x, y, Math.max(x + 1, Math.round(right)), Math.max(y + 1, Math.round(bottom))];
}

function drawBox(
  image: RgbImage,
  [left, top, right, bottom]: Rectangle,
  color: Rgb,
  { edge, line }: Sizes,
): void {
  const outer: Rectangle = [left - edge, top - edge, right + edge, bottom + edge];
  drawFrame(image, outer, line + 2 * edge, BLACK);
  drawFrame(image, [left, top, right, bottom], line, color);
}

/** As large as the picture allows, else cut; null where not even that fits. */
function labelFor(label: string, pictureWidth: number, { capital }: Sizes): Label | null {
  const text = penText(label);
  const widest = pictureWidth / (text.widthUnits + 2 * PADDING_UNITS);
  const scale = Math.min(capital / CAPITAL_UNITS, widest);
  if (scale * CAPITAL_UNITS >= MIN_CAPITAL_PX) return layOut(text, scale);
  const letters = [...label];
  for (let length = letters.length - 1; length >= MIN_LETTERS; length--) {
    const cut = layOut(
      penText(`${letters.slice(0, length).join('')}${CUT}`),
      MIN_CAPITAL_PX / CAPITAL_UNITS,
    );
    if (cut.width <= pictureWidth) return cut;
  }
  return null;
}

function layOut(text: PenText, scale: number): Label {
  return {
    text,
    scale,
    width: Math.floor((text.widthUnits + 2 * PADDING_UNITS) * scale),
    height: Math.ceil((CAPITAL_UNITS + DESCENT_UNITS + PADDING_UNITS) * scale),
  };
}

function drawLabel(
  image: RgbImage,
  place: Rectangle,
  { text, scale }: Label,
  color: Rgb,
  { edge }: Sizes,
): void {
  fillRectangle(image, place, color);
  drawFrame(image, place, edge, BLACK);
  const [left, top] = place;
  const x = left + PADDING_UNITS * scale;
  const y = top + PADDING_UNITS * scale;
  const lines = text.lines.map(([fromX, fromY, toX, toY]): Line => {
    return [x + fromX * scale, y + fromY * scale, x + toX * scale, y + toY * scale];
  });
  drawLines(image, lines, PEN_RADIUS_UNITS * scale, BLACK);
}
