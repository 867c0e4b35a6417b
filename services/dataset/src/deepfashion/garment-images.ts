import type { DatasetAnnotation } from '@deepstyle/contracts';
import type { BoxConvention, Split } from '../category.ts';
import type { AnnotatedImage, DatasetSource, SourceCounts } from '../dataset-source.ts';
import {
  type GarmentTable,
  LANDMARK_NAMES,
  LANDMARK_VALUES,
  SPLIT_OF_CODE,
} from './garment-table.ts';
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
  const counts = new Int32Array(SPLIT_OF_CODE.length);
  for (let place = 0; place < table.count; place += 1) {
    const code = table.splits[place] as number;
    if (table.boxes[place * 4 + 2] !== 0) counts[code] = (counts[code] as number) + 1;
  }
  const [none = 0, train = 0, val = 0, test = 0] = counts;
  const images = none + train + val + test;
  return { images, annotations: images, splits: { train, val, test, none } };
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

/** Built without spreading: it is made for every row of a dataset, some twice. */
function garmentAt(table: GarmentTable, place: number): DatasetAnnotation {
  const at = place * 4;
  const { boxes } = table;
  const width = boxes[at + 2] as number;
  const height = boxes[at + 3] as number;
  const garment: DatasetAnnotation = {
    id: place + 1,
    category_id: table.categories[place] as number,
    bbox: [boxes[at] as number, boxes[at + 1] as number, width, height],
    area: width * height,
    iscrowd: 0,
  };
  if (table.landmarks !== null) addKeypoints(garment, table.landmarks, place * LANDMARK_VALUES);
  const set = table.attributes?.get(place) ?? null;
  if (set === null) return garment;
  garment.attribute_ids = set.positive;
  if (set.unknown.length > 0) garment.attribute_unknown_ids = set.unknown;
  return garment;
}

function addKeypoints(garment: DatasetAnnotation, landmarks: Int16Array, start: number): void {
  const keypoints: number[] = [];
  let labelled = 0;
  for (let i = 0; i < LANDMARK_VALUES; i += 1) {
    const value = landmarks[start + i] as number;
    keypoints.push(value);
    if (i % 3 === 2 && value !== 0) labelled += 1;
  }
  garment.keypoints = keypoints;
  garment.num_keypoints = labelled;
}
