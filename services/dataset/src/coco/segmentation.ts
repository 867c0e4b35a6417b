import type { DatasetAnnotation } from '@deepstyle/contracts';
import { type Turn, turnPoint } from '../images/turn.ts';
import type { Say } from './coco-images.ts';
import { runLengthBox, runLengthsOf } from './run-lengths.ts';
import { isNumbers, shownValue } from './values.ts';

export type Box = DatasetAnnotation['bbox'];
export type Mask = NonNullable<DatasetAnnotation['segmentation']>;
type Polygon = readonly number[];

/** What an annotation draws. */
export interface Segmentation {
  /** Polygons of 3 points or more, or a run-length code; null where it is neither. */
  readonly mask: Mask | null;
  /** The box around all that is drawn; null where nothing is. */
  readonly box: Box | null;
}

const MIN_POLYGON_VALUES = 6;
const MIN_OUTLINE_VALUES = 4;
const FAR = Number.POSITIVE_INFINITY;

export function segmentationOf(value: unknown, say: Say): Segmentation {
  if (!Array.isArray(value)) {
    const mask = runLengthsOf(value);
    return { mask, box: mask === null ? null : runLengthBox(mask) };
  }
  const listed = isOnePolygon(value) ? [value] : value;
  const polygons = listed.map((each) => polygonOf(each));
  const drawn = polygons.filter((polygon) => polygon !== null);
  const isReshaped =
    listed !== value || polygons.some((polygon, i) => polygon !== null && polygon !== listed[i]);
  if (isReshaped) say('SEGMENTATION_FORM', `It is ${shownValue(value)}`);
  const isWhole = drawn.every(({ length }) => length >= MIN_POLYGON_VALUES);
  const isMask = drawn.length > 0 && drawn.length === polygons.length && isWhole;
  return { mask: isMask ? drawn.map((polygon) => [...polygon]) : null, box: boxAround(drawn) };
}

/** VIA and some converters of labelme leave the outer list out. */
function isOnePolygon(value: readonly unknown[]): boolean {
  return value.length >= 3 && (isNumbers(value) || value.every(isPoint));
}

function isPoint(value: unknown): value is number[] {
  return isNumbers(value) && value.length === 2;
}

/** Its x, y, x, y; null where it is none. */
function polygonOf(value: unknown): Polygon | null {
  if (!Array.isArray(value)) return null;
  const values: unknown = value.length > 0 && value.every(isPoint) ? value.flat() : value;
  const isOutline =
    isNumbers(values) && values.length >= MIN_OUTLINE_VALUES && values.length % 2 === 0;
  return isOutline ? values : null;
}

function boxAround(polygons: readonly Polygon[]): Box | null {
  let [left, top, right, bottom] = [FAR, FAR, -FAR, -FAR];
  for (const polygon of polygons) {
    for (let i = 0; i < polygon.length; i += 2) {
      const [x, y] = [polygon[i] as number, polygon[i + 1] as number];
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
  }
  return polygons.length === 0 ? null : [left, top, right - left, bottom - top];
}

/** Polygons in the pixels shown; null for a run-length code, which runs along the columns that are stored. */
export function turnedMask(mask: Mask, turn: Turn): Mask | null {
  if (!Array.isArray(mask)) return null;
  return mask.map((polygon) => {
    const points = Array.from({ length: polygon.length / 2 }, (_, i) => {
      return turnPoint(turn, [polygon[i * 2] as number, polygon[i * 2 + 1] as number]);
    });
    return points.flat();
  });
}

/** True for the polygon that the writer makes of a box, so that reading it back changes nothing. */
export function isBoxPolygon(mask: Mask, [x, y, w, h]: Box): boolean {
  if (!Array.isArray(mask) || mask.length !== 1) return false;
  const corners = [x, y, x + w, y, x + w, y + h, x, y + h];
  return mask[0]?.length === 8 && corners.every((value, i) => mask[0]?.[i] === value);
}
