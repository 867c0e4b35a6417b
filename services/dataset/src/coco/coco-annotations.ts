import type { DatasetAnnotation } from '@deepstyle/contracts';
import { type Turn, turnBox, turnPoint } from '../images/turn.ts';
import type { Say } from './coco-images.ts';
import {
  type Box,
  isBoxPolygon,
  type Mask,
  type Segmentation,
  segmentationOf,
  turnedMask,
} from './segmentation.ts';
import { idKey, isNumbers, type JsonRow, numberOf, shownValue } from './values.ts';

/** What an annotation stands in. */
export interface AnnotationContext {
  /** Size of its image in pixels, as it is shown. */
  readonly width: number;
  readonly height: number;
  /** From the pixels in which the annotation counts; null where those are the ones shown. */
  readonly turn: Turn | null;
  /** Number of points of every garment of the dataset. */
  readonly keypoints: number;
  readonly attributes: ReadonlySet<unknown>;
}

// Up to this much outside the image is rounding.
const ROUNDING_PX = 0.5;

/** An annotation as it is meant, but for its ids; null where it has no usable box. */
export function annotationOf(
  row: JsonRow,
  context: AnnotationContext,
  say: Say,
): Omit<DatasetAnnotation, 'id' | 'category_id'> | null {
  const drawn = segmentationOf(row.segmentation, say);
  const bbox = boxInside(boxOf(row.bbox, drawn, say), context, say);
  if (bbox === null) return null;
  const segmentation = maskOf(row, drawn.mask, bbox, context, say);
  return {
    bbox,
    area: areaOf(row.area, bbox, say),
    iscrowd: crowdOf(row.iscrowd, say),
    ...(segmentation === null ? null : { segmentation }),
    ...keypointsOf(row.keypoints, context, say),
    ...attributesOf(row, context.attributes, say),
  };
}

function boxOf(value: unknown, drawn: Segmentation, say: Say): Box | null {
  const given = isNumbers(value) && value.length === 4 ? (value as unknown as Box) : null;
  // Tools that know masks alone write zeros.
  if (given !== null && (given[2] !== 0 || given[3] !== 0 || drawn.box === null)) return given;
  if (drawn.box !== null) {
    say('BOX_FROM_SEGMENTATION', `bbox is ${shownValue(value)}.`);
    return drawn.box;
  }
  const read = Array.isArray(value) ? value.map(numberOf) : [];
  if (read.length === 4 && isNumbers(read)) {
    say('NUMBER_AS_TEXT', `bbox is ${shownValue(value)}.`);
    return read as unknown as Box;
  }
  say('NO_BOX', `bbox is ${shownValue(value)}.`);
  return null;
}

function boxInside(given: Box | null, context: AnnotationContext, say: Say): Box | null {
  if (given === null) return null;
  const { width, height, turn } = context;
  const box = turn === null ? given : turnBox(turn, given);
  const [x, y, w, h] = box;
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  const right = Math.min(width, x + w);
  const bottom = Math.min(height, y + h);
  if (!(given[2] > 0 && given[3] > 0 && right > left && bottom > top)) {
    say('BOX_EMPTY', `${shownValue(given)} in an image of ${width} x ${height}.`);
    return null;
  }
  const excess = Math.max(left - x, top - y, x + w - right, y + h - bottom);
  if (excess <= ROUNDING_PX) return box;
  say('BOX_OUTSIDE', `${shownValue(given)} in an image of ${width} x ${height}.`);
  return [left, top, right - left, bottom - top];
}

/** Null where the box stands in. */
function maskOf(
  row: JsonRow,
  drawn: Mask | null,
  bbox: Box,
  { turn }: AnnotationContext,
  say: Say,
): Mask | null {
  if (drawn === null) {
    say('SEGMENTATION_INVALID', `It is ${shownValue(row.segmentation)}; the box stands in.`);
    return null;
  }
  const mask = turn === null ? drawn : turnedMask(drawn, turn);
  if (mask === null) say('MASK_NOT_TURNED', `It is ${shownValue(row.segmentation)}`);
  return mask === null || isBoxPolygon(mask, bbox) ? null : mask;
}

function areaOf(value: unknown, [, , width, height]: Box, say: Say): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  say('AREA_INVALID', `area is ${shownValue(value)}.`);
  return width * height;
}

function crowdOf(value: unknown, say: Say): 0 | 1 {
  if (value === 0 || value === 1) return value;
  const meant = typeof value === 'boolean' ? Number(value) : numberOf(value);
  if (meant === 0 || meant === 1) {
    say('NUMBER_AS_TEXT', `iscrowd is ${shownValue(value)}.`);
    return meant;
  }
  say('CROWD_INVALID', `iscrowd is ${shownValue(value)}.`);
  return 0;
}

function keypointsOf(
  value: unknown,
  { keypoints: points, turn }: AnnotationContext,
  say: Say,
): Pick<DatasetAnnotation, 'keypoints' | 'num_keypoints'> | null {
  if (value === undefined) return null;
  const isGood =
    points > 0 &&
    isNumbers(value) &&
    value.length === points * 3 &&
    value.every((part, i) => i % 3 !== 2 || part === 0 || part === 1 || part === 2);
  if (!isGood) {
    const length = Array.isArray(value) ? value.length : 0;
    say('KEYPOINTS_INVALID', `${length} values for ${points} points, each x, y, visibility.`);
    return null;
  }
  const keypoints = turn === null ? (value as number[]) : turnedKeypoints(value as number[], turn);
  return {
    keypoints,
    num_keypoints: keypoints.filter((part, i) => i % 3 === 2 && part > 0).length,
  };
}

/** A point that is not labelled is 0, 0 in any frame. */
function turnedKeypoints(values: readonly number[], turn: Turn): number[] {
  return Array.from({ length: values.length / 3 }, (_, i) => {
    const [x, y, visibility] = values.slice(i * 3) as [number, number, number];
    return visibility === 0 ? [x, y, 0] : [...turnPoint(turn, [x, y]), visibility];
  }).flat();
}

function attributesOf(
  row: JsonRow,
  known: ReadonlySet<unknown>,
  say: Say,
): Pick<DatasetAnnotation, 'attribute_ids' | 'attribute_unknown_ids'> | null {
  const read = (value: unknown): number[] | undefined => {
    if (value === undefined || value === null) return undefined;
    const given: unknown[] = Array.isArray(value) ? value : [value];
    const ids = given.map(idKey).filter((id): id is number => known.has(id));
    if (ids.length < given.length) say('ATTRIBUTE_VALUE', `${shownValue(value)} has unknown ids.`);
    return ids;
  };
  const positive = read(row.attribute_ids);
  if (positive === undefined) return null;
  const unknown = read(row.attribute_unknown_ids);
  return {
    attribute_ids: positive,
    ...(unknown === undefined ? null : { attribute_unknown_ids: unknown }),
  };
}
