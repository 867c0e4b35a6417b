import type { DatasetAnnotation } from '@deepstyle/contracts';
import type { BoxConvention, Split } from '../category.ts';
import type { AnnotatedImage, DatasetSource, SourceCounts } from '../dataset-source.ts';
import { type GarmentTable, LANDMARK_NAMES, LANDMARK_VALUES } from './garment-table.ts';
import type { DeepFashionLists } from './read-deepfashion.ts';

/** A settled table as a dataset: one garment per image. Ids are places in the list of images, from 1. */
export function garmentSource(lists: DeepFashionLists, convention: BoxConvention): DatasetSource {
  const { table, categories, attributes } = lists;
  return {
    boxConvention: convention,
    categories,
    attributes,
    keypoints: table.landmarks === null ? [] : LANDMARK_NAMES,
    counts: countGarments(table),
    images: () => garmentImages(table),
  };
}

function countGarments(table: GarmentTable): SourceCounts {
  const splits = { train: 0, val: 0, test: 0, none: 0 };
  let images = 0;
  for (let place = 0; place < table.count; place += 1) {
    if (table.boxes[place * 4 + 2] === 0) continue;
    images += 1;
    splits[table.splitAt(place) ?? 'none'] += 1;
  }
  return { images, annotations: images, splits };
}

function* garmentImages(table: GarmentTable): Generator<AnnotatedImage> {
  for (let place = 0; place < table.count; place += 1) {
    if (table.boxes[place * 4 + 2] !== 0) yield new GarmentImage(table, place);
  }
}

/** A row of the table as an image. What costs memory is made where it is asked for: writers need half of it at a time. */
class GarmentImage implements AnnotatedImage {
  readonly #table: GarmentTable;
  readonly #place: number;

  constructor(table: GarmentTable, place: number) {
    this.#table = table;
    this.#place = place;
  }

  get id(): number {
    return this.#place + 1;
  }

  get file_name(): string {
    return this.#table.names.text(this.#place);
  }

  get width(): number {
    return this.#table.sizes[this.#place * 2] as number;
  }

  get height(): number {
    return this.#table.sizes[this.#place * 2 + 1] as number;
  }

  get split(): Split | null {
    return this.#table.splitAt(this.#place);
  }

  get annotations(): DatasetAnnotation[] {
    return [garmentAt(this.#table, this.#place)];
  }
}

function garmentAt(table: GarmentTable, place: number): DatasetAnnotation {
  const at = place * 4;
  const { boxes } = table;
  const width = boxes[at + 2] as number;
  const height = boxes[at + 3] as number;
  return {
    id: place + 1,
    category_id: table.categories[place] as number,
    bbox: [boxes[at] as number, boxes[at + 1] as number, width, height],
    area: width * height,
    iscrowd: 0,
    ...keypointsAt(table, place),
    ...attributesAt(table, place),
  };
}

function keypointsAt(table: GarmentTable, place: number): Partial<DatasetAnnotation> | null {
  if (table.landmarks === null) return null;
  const start = place * LANDMARK_VALUES;
  const keypoints = [...table.landmarks.subarray(start, start + LANDMARK_VALUES)];
  let labelled = 0;
  for (let i = 2; i < LANDMARK_VALUES; i += 3) if (keypoints[i] !== 0) labelled += 1;
  return { keypoints, num_keypoints: labelled };
}

function attributesAt(table: GarmentTable, place: number): Partial<DatasetAnnotation> | null {
  const set = table.attributes?.get(place) ?? null;
  if (set === null) return null;
  return {
    attribute_ids: [...set.positive],
    ...(set.unknown.length === 0 ? null : { attribute_unknown_ids: [...set.unknown] }),
  };
}
