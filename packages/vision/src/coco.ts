import { VisionError } from './errors.ts';

/** [left, top, width, height], px, continuous. */
export type CocoBox = readonly [number, number, number, number];

export interface CocoImage {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly file_name: string;
}

export interface CocoCategory {
  readonly id: number;
  readonly name: string;
  readonly supercategory?: string;
}

export interface CocoAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: CocoBox;
  /** px^2; of the mask where there is one, so not always that of the box. */
  readonly area: number;
  /** 1: a crowd, which any number of detections may match without being counted. */
  readonly iscrowd: 0 | 1;
}

/** The part of a COCO file that detection needs. */
export interface CocoDataset {
  readonly images: readonly CocoImage[];
  readonly categories: readonly CocoCategory[];
  readonly annotations: readonly CocoAnnotation[];
}

/** The part of a COCO file that evaluation needs: of an image its id only. */
export interface CocoTruth extends Omit<CocoDataset, 'images'> {
  readonly images: readonly (Pick<CocoImage, 'id'> & Partial<CocoImage>)[];
}

/** One detection of a COCO results file. */
export interface CocoDetection {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: CocoBox;
  readonly score: number;
}

/** A COCO file or results file that does not hold together. */
export class CocoFormatError extends VisionError {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    const shown = problems.slice(0, 10).join('; ');
    const more = problems.length > 10 ? `; and ${problems.length - 10} more` : '';
    super('COCO_FORMAT', `Not a usable COCO file: ${shown}${more}.`);
    this.problems = problems;
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isBox(value: unknown): boolean {
  return Array.isArray(value) && value.length === 4 && value.every(isNumber);
}

type Row = Readonly<Record<string, unknown>>;

function rowsOf(value: unknown, what: string, problems: string[]): Row[] {
  if (!Array.isArray(value)) {
    problems.push(`'${what}' is no list`);
    return [];
  }
  return value.map((row: unknown) => (typeof row === 'object' && row !== null ? (row as Row) : {}));
}

/** Checks a list of rows, field by field; says each row by its place. */
function check(
  rows: readonly Row[],
  what: string,
  fields: Readonly<Record<string, (value: unknown) => boolean>>,
  problems: string[],
): void {
  const checks = Object.entries(fields);
  for (const [i, row] of rows.entries()) {
    for (const [field, isGood] of checks) {
      if (isGood(row[field])) continue;
      const found = row[field] === undefined ? 'missing' : JSON.stringify(row[field]);
      problems.push(`${what}[${i}].${field} is ${found}`);
    }
  }
}

function checkUnique(rows: readonly Row[], what: string, problems: string[]): Set<unknown> {
  const ids = new Set<unknown>();
  for (const { id } of rows) {
    if (ids.has(id)) problems.push(`${what} id ${id} occurs twice`);
    ids.add(id);
  }
  return ids;
}

/**
 * A parsed JSON document as ground truth, every reference followed.
 * @throws CocoFormatError naming all that is wrong with it
 */
export function readCoco(json: unknown): CocoTruth {
  const problems: string[] = [];
  const file = (typeof json === 'object' && json !== null ? json : {}) as Row;
  const images = rowsOf(file.images, 'images', problems);
  const categories = rowsOf(file.categories, 'categories', problems);
  const annotations = rowsOf(file.annotations, 'annotations', problems);
  check(images, 'images', { id: isNumber }, problems);
  check(categories, 'categories', { id: isNumber, name: isText }, problems);
  const isCrowd = (value: unknown) => value === 0 || value === 1;
  const fields = { id: isNumber, bbox: isBox, area: isNumber, iscrowd: isCrowd };
  check(annotations, 'annotations', fields, problems);
  checkUnique(annotations, 'annotation', problems);
  const isImage = knownIn(checkUnique(images, 'image', problems));
  const isCategory = knownIn(checkUnique(categories, 'category', problems));
  check(annotations, 'annotations', { image_id: isImage, category_id: isCategory }, problems);
  if (problems.length > 0) throw new CocoFormatError(problems);
  return { images, categories, annotations } as unknown as CocoTruth;
}

/**
 * A parsed JSON document as detections on a dataset's images. As in pycocotools, images that the dataset lacks are refused, and
 * categories that it lacks are let through: they match nothing.
 * @throws CocoFormatError
 */
export function readCocoDetections(json: unknown, dataset: CocoTruth): CocoDetection[] {
  const problems: string[] = [];
  const rows = rowsOf(json, 'detections', problems);
  const isImage = knownIn(new Set<unknown>(dataset.images.map(({ id }) => id)));
  const fields = { image_id: isImage, category_id: isNumber, bbox: isBox, score: isNumber };
  check(rows, 'detections', fields, problems);
  if (problems.length > 0) throw new CocoFormatError(problems);
  return rows as unknown as CocoDetection[];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function knownIn(ids: ReadonlySet<unknown>): (value: unknown) => boolean {
  return (value) => ids.has(value);
}

/**
 * The same truths and detections told apart by supercategory only (a garment's type, where the categories are garments).
 * Category ids become 1, 2.. in the order of the supercategories' names.
 * @returns undefined where a category has no supercategory
 */
export function bySupercategory(
  dataset: CocoTruth,
  detections: readonly CocoDetection[],
): { readonly dataset: CocoTruth; readonly detections: readonly CocoDetection[] } | undefined {
  const named = dataset.categories.flatMap(({ id, supercategory }) =>
    // Label Studio and FiftyOne write null.
    isText(supercategory) ? [[id, supercategory] as const] : [],
  );
  if (named.length < dataset.categories.length) return undefined;
  const names = [...new Set(named.map(([, name]) => name))].sort();
  const idOf = new Map(named.map(([id, name]) => [id, names.indexOf(name) + 1]));
  // What the dataset does not know stays unknown.
  const moved = <Row extends { readonly category_id: number }>(row: Row): Row => ({
    ...row,
    category_id: idOf.get(row.category_id) ?? 0,
  });
  return {
    dataset: {
      images: dataset.images,
      categories: names.map((name, i) => ({ id: i + 1, name })),
      annotations: dataset.annotations.map(moved),
    },
    detections: detections.map(moved),
  };
}
