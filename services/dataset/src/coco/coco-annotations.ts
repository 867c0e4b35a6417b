import type { DatasetAnnotation } from '@deepstyle/contracts';
import { type JsonRow, type Say, shownValue } from './coco-images.ts';

type Box = DatasetAnnotation['bbox'];
type Segmentation = NonNullable<DatasetAnnotation['segmentation']>;

/** What an annotation stands in. */
export interface AnnotationContext {
  /** Size of its image in pixels. */
  readonly width: number;
  readonly height: number;
  /** Number of points of every garment of the dataset. */
  readonly keypoints: number;
  readonly attributes: ReadonlySet<number>;
}

// Up to this much outside the image is rounding.
const ROUNDING_PX = 0.5;
const SHORTEST_POLYGON = 6;
const FAR = Number.POSITIVE_INFINITY;

/** An annotation as it is meant, but for its ids; null where it has no usable box. */
export function annotationOf(
  row: JsonRow,
  context: AnnotationContext,
  say: Say,
): Omit<DatasetAnnotation, 'id' | 'category_id'> | null {
  const drawn = segmentationOf(row.segmentation);
  const bbox = boxInside(boxOf(row.bbox, drawn, say), context, say);
  if (bbox === null) return null;
  const segmentation = drawn === null || isBoxPolygon(drawn, bbox) ? null : drawn;
  if (drawn === null) {
    say('SEGMENTATION_INVALID', `It is ${shownValue(row.segmentation)}; the box stands in.`);
  }
  return {
    bbox,
    area: areaOf(row.area, bbox, say),
    iscrowd: crowdOf(row.iscrowd, say),
    ...(segmentation === null ? null : { segmentation }),
    ...keypointsOf(row.keypoints, context.keypoints, say),
    ...attributesOf(row, context.attributes, say),
  };
}

function boxOf(value: unknown, drawn: Segmentation | null, say: Say): Box | null {
  if (isNumbers(value) && value.length === 4) return value as unknown as Box;
  const enclosing = Array.isArray(drawn) ? enclosingBox(drawn) : null;
  if (enclosing === null) say('NO_BOX', `bbox is ${shownValue(value)}.`);
  else say('BOX_FROM_SEGMENTATION', `bbox is ${shownValue(value)}.`);
  return enclosing;
}

function enclosingBox(polygons: readonly (readonly number[])[]): Box {
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
  return [left, top, right - left, bottom - top];
}

function boxInside(box: Box | null, { width, height }: AnnotationContext, say: Say): Box | null {
  if (box === null) return null;
  const [x, y, w, h] = box;
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  const right = Math.min(width, x + w);
  const bottom = Math.min(height, y + h);
  if (!(w > 0 && h > 0 && right > left && bottom > top)) {
    say('BOX_EMPTY', `${shownValue(box)} in an image of ${width} x ${height}.`);
    return null;
  }
  const excess = Math.max(left - x, top - y, x + w - right, y + h - bottom);
  if (excess <= ROUNDING_PX) return box;
  say('BOX_OUTSIDE', `${shownValue(box)} in an image of ${width} x ${height}.`);
  return [left, top, right - left, bottom - top];
}

/** Polygons of 3 points or more, or a run-length code; null where there is neither. */
function segmentationOf(value: unknown): Segmentation | null {
  if (!Array.isArray(value)) return runLengthsOf(value);
  const polygons = value.filter(
    (polygon): polygon is number[] =>
      isNumbers(polygon) && polygon.length >= SHORTEST_POLYGON && polygon.length % 2 === 0,
  );
  return polygons.length === 0 || polygons.length < value.length ? null : polygons;
}

function runLengthsOf(value: unknown): Segmentation | null {
  if (typeof value !== 'object' || value === null) return null;
  const { size, counts } = value as { size?: unknown; counts?: unknown };
  if (!isNumbers(size) || size.length !== 2) return null;
  if (typeof counts !== 'string' && !isNumbers(counts)) return null;
  return { size: [size[0] ?? 0, size[1] ?? 0], counts };
}

/** True for the polygon that the writer makes of a box, so that reading it back changes nothing. */
function isBoxPolygon(drawn: Segmentation, [x, y, w, h]: Box): boolean {
  if (!Array.isArray(drawn) || drawn.length !== 1) return false;
  const corners = [x, y, x + w, y, x + w, y + h, x, y + h];
  return drawn[0]?.length === 8 && corners.every((value, i) => drawn[0]?.[i] === value);
}

function areaOf(value: unknown, [, , width, height]: Box, say: Say): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  say('AREA_INVALID', `area is ${shownValue(value)}.`);
  return width * height;
}

function crowdOf(value: unknown, say: Say): 0 | 1 {
  if (value === 0 || value === 1) return value;
  say('CROWD_INVALID', `iscrowd is ${shownValue(value)}.`);
  return 0;
}

function keypointsOf(
  value: unknown,
  points: number,
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
  const keypoints = value as number[];
  return {
    keypoints,
    num_keypoints: keypoints.filter((part, i) => i % 3 === 2 && part > 0).length,
  };
}

function attributesOf(
  row: JsonRow,
  known: ReadonlySet<number>,
  say: Say,
): Pick<DatasetAnnotation, 'attribute_ids' | 'attribute_unknown_ids'> | null {
  const read = (value: unknown): number[] | undefined => {
    if (value === undefined) return undefined;
    const given: unknown[] = Array.isArray(value) ? value : [value];
    const ids = given.filter((id): id is number => known.has(id as number));
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

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((part) => Number.isFinite(part));
}
