import type { CocoAnnotation, CocoDetection, CocoTruth } from './coco.ts';

/** Rows of boxes as columns, [rows] each: the inner loops of the evaluation touch nothing but these. */
export interface BoxColumns {
  readonly count: number;
  readonly left: Float64Array;
  readonly top: Float64Array;
  readonly width: Float64Array;
  readonly height: Float64Array;
  /** px^2; of a truth as annotated, of a detection width * height. */
  readonly area: Float64Array;
  /** Index of the row's image in the order of the image ids. */
  readonly image: Int32Array;
  /** Index of the row's category in the order of the category ids. */
  readonly category: Int32Array;
}

export interface TruthColumns extends BoxColumns {
  /** 1: a crowd. */
  readonly crowd: Uint8Array;
  /** 1: its id is 0, so that it is never counted as found. */
  readonly isUncounted: Uint8Array;
}

export interface DetectionColumns extends BoxColumns {
  readonly score: Float64Array;
}

/** Index of each id in ascending order of the ids. */
export type IdIndex = ReadonlyMap<number, number>;

export function indexIds(rows: readonly { readonly id: number }[]): IdIndex {
  const ids = [...new Set(rows.map(({ id }) => id))].sort((one, other) => one - other);
  return new Map(ids.map((id, i) => [id, i]));
}

export function truthColumns(
  { annotations }: CocoTruth,
  images: IdIndex,
  categories: IdIndex,
): TruthColumns {
  const columns = emptyColumns(annotations.length);
  const crowd = new Uint8Array(annotations.length);
  const isUncounted = new Uint8Array(annotations.length);
  const count = fill(columns, annotations, images, categories, (row, i) => {
    columns.area[i] = row.area;
    crowd[i] = row.iscrowd;
    isUncounted[i] = Number(row.id === 0);
  });
  return { ...columns, count, crowd, isUncounted };
}

export function detectionColumns(
  detections: readonly CocoDetection[],
  images: IdIndex,
  categories: IdIndex,
): DetectionColumns {
  const columns = emptyColumns(detections.length);
  const score = new Float64Array(detections.length);
  const count = fill(columns, detections, images, categories, (row, i) => {
    columns.area[i] = row.bbox[2] * row.bbox[3];
    score[i] = row.score;
  });
  return { ...columns, count, score };
}

function emptyColumns(rows: number): Omit<BoxColumns, 'count'> {
  return {
    left: new Float64Array(rows),
    top: new Float64Array(rows),
    width: new Float64Array(rows),
    height: new Float64Array(rows),
    area: new Float64Array(rows),
    image: new Int32Array(rows),
    category: new Int32Array(rows),
  };
}

type Row = Pick<CocoAnnotation, 'bbox' | 'image_id' | 'category_id'>;

/** Rows of unknown images or categories are left out, as they can match nothing. @returns how many were taken */
function fill<R extends Row>(
  columns: Omit<BoxColumns, 'count'>,
  rows: readonly R[],
  images: IdIndex,
  categories: IdIndex,
  more: (row: R, i: number) => void,
): number {
  let count = 0;
  for (const row of rows) {
    const image = images.get(row.image_id);
    const category = categories.get(row.category_id);
    if (image === undefined || category === undefined) continue;
    const { bbox } = row;
    columns.left[count] = bbox[0];
    columns.top[count] = bbox[1];
    columns.width[count] = bbox[2];
    columns.height[count] = bbox[3];
    columns.image[count] = image;
    columns.category[count] = category;
    more(row, count);
    count++;
  }
  return count;
}
