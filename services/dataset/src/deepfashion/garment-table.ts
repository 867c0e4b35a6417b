import { SPLITS, type Split } from '../category.ts';
import { lengthened } from '../lists/growing-column.ts';
import { NameTable } from '../lists/name-table.ts';
import type { AttributeSets } from './attribute-sets.ts';

/** Points of a full-body garment; the other types have some of them. */
export const LANDMARK_NAMES = [
  'left collar',
  'right collar',
  'left sleeve',
  'right sleeve',
  'left waistline',
  'right waistline',
  'left hem',
  'right hem',
] as const;
export const LANDMARK_VALUES = LANDMARK_NAMES.length * 3;

/** Splits as they stand in the table; 0 is none. */
export const SPLIT_OF_CODE: readonly (Split | null)[] = [null, ...SPLITS];

const MANY = 1 << 12;

/**
 * One row per image, in columns: 289,222 rows take about 30 MB, with landmarks 14 MB more. Places count from 0. The
 * columns are as long as the table's capacity.
 */
export class GarmentTable {
  readonly names = new NameTable();
  /** Line in the list of images. */
  lines = new Int32Array(MANY);
  /** Id of the category; 0 where there is no usable one. */
  categories = new Uint16Array(MANY);
  /** Place in SPLIT_OF_CODE. */
  splits = new Uint8Array(MANY);
  /** x1, y1, x2, y2 in pixels, as the list says them; until there is a box, its line is 0. */
  corners = new Int32Array(MANY * 4);
  boxLines = new Int32Array(MANY);
  /** x, y, width, height in pixels, inside the image; width 0 where the image is left out. */
  boxes = new Int32Array(MANY * 4);
  /** Width, height in pixels; 0 where unknown. */
  sizes = new Int32Array(MANY * 2);
  /** x, y, COCO visibility per landmark; null until a first garment has some. */
  landmarks: Int16Array | null = null;
  /** Line in the list of landmarks; 0 where a garment has none. */
  landmarkLines = new Int32Array(0);
  /** Null where attributes are not read. */
  attributes: AttributeSets | null = null;

  get count(): number {
    return this.names.count;
  }

  /** Adds an image that is not there yet; returns its place. */
  add(bytes: Buffer, start: number, end: number, line: number): number {
    const place = this.names.add(bytes, start, end);
    if (place === this.lines.length) this.#lengthen(place * 2);
    this.lines[place] = line;
    return place;
  }

  /** The columns for landmarks, made at their first use. */
  landmarkColumn(): Int16Array {
    this.landmarks ??= new Int16Array(this.count * LANDMARK_VALUES);
    if (this.landmarkLines.length === 0) this.landmarkLines = new Int32Array(this.count);
    return this.landmarks;
  }

  splitAt(place: number): Split | null {
    return SPLIT_OF_CODE[this.splits[place] as number] ?? null;
  }

  /** Makes room for so many images, whose names have so many bytes in all. */
  reserve(images: number, nameBytes: number): void {
    this.names.reserve(images, nameBytes);
    if (images > this.lines.length) this.#lengthen(images);
  }

  #lengthen(images: number): void {
    this.lines = lengthened(this.lines, images);
    this.categories = lengthened(this.categories, images);
    this.splits = lengthened(this.splits, images);
    this.corners = lengthened(this.corners, images * 4);
    this.boxLines = lengthened(this.boxLines, images);
    this.boxes = lengthened(this.boxes, images * 4);
    this.sizes = lengthened(this.sizes, images * 2);
  }
}
