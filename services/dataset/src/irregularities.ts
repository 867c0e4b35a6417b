/** What becomes of the place where something is irregular. */
export type Effect =
  /** Nothing is changed. */
  | 'noted'
  /** It is read as meant, and the rest is kept. */
  | 'repaired'
  /** The row, annotation or image is left out. */
  | 'dropped';

/** Every way in which a dataset's files may be irregular. Codes are stable. */
export const IRREGULARITIES = {
  // Text lists
  BYTE_ORDER_MARK: ['repaired', 'A file begins with a byte order mark.'],
  WINDOWS_LINE_END: ['repaired', 'Lines end in CR LF.'],
  NO_ROW_COUNT: ['noted', 'A list does not begin with its number of rows.'],
  NO_COLUMN_NAMES: ['noted', 'A list has no line with the names of its columns.'],
  ROW_COUNT: ['noted', 'A list has more or fewer rows than its first line says.'],
  EMPTY_ROW: ['dropped', 'A row is empty although others follow.'],
  FIELD_COUNT: ['dropped', 'A row has more or fewer fields than its list needs.'],
  NOT_A_NUMBER: ['dropped', 'A field is no whole number.'],
  DUPLICATE_ROW: ['dropped', 'A row says the same of an image as an earlier one.'],
  CONFLICTING_ROW: ['dropped', 'A row says something else of an image than an earlier one.'],
  ORPHAN_ROW: ['dropped', 'A row speaks of an image that the list of images does not name.'],
  FILE_MISSING: ['noted', 'A file or folder of the layout is not there.'],
  // Names
  INVALID_NAME: ['dropped', 'An image name leads out of its folder, is too long or no UTF-8.'],
  INVALID_TEXT: ['dropped', 'A name has characters that are no text, or is too long.'],
  BACKSLASH: ['repaired', 'An image name is written with backslashes.'],
  NAME_CASE: [
    'repaired',
    'A name differs in its capitals or in how its letters are composed from the one that it means.',
  ],
  PATH_CUT: [
    'repaired',
    'An image name leads out of its folder or is an address; what leads there is left off.',
  ],
  PATH_SHORTENED: ['repaired', 'An image is found by the last parts of its name alone.'],
  // Values
  UNKNOWN_CATEGORY: ['dropped', 'A category is not in the list of categories.'],
  MERGED_CATEGORY: ['repaired', 'A category that was merged into another is still used.'],
  UNKNOWN_TYPE: ['repaired', 'A category is of no known type and counts as "other".'],
  DUPLICATE_CATEGORY: ['dropped', 'A category occurs twice.'],
  GROUP_CATEGORY: [
    'dropped',
    'A category is only the group of others, as Roboflow lists one, and nothing is annotated as it.',
  ],
  NO_CATEGORY: ['dropped', 'An image has no usable category.'],
  NO_BOX: ['dropped', 'An image or annotation has no usable box.'],
  BOX_OUTSIDE: ['repaired', 'A box leaves its image and was cut at the border.'],
  BOX_FROM_SEGMENTATION: ['repaired', 'An annotation has no box; that of its mask stands in.'],
  BOX_EMPTY: ['dropped', 'A box has no width or height inside its image.'],
  UNKNOWN_SPLIT: ['repaired', 'A split is none of train, val and test; the image has none then.'],
  NO_SPLIT: ['noted', 'An image is in no split.'],
  LANDMARK_COUNT: ['dropped', 'A garment has not as many landmarks as its type.'],
  LANDMARK_VISIBILITY: ['repaired', 'A visibility is none of 0, 1 and 2; the point has none then.'],
  LANDMARK_OUTSIDE: ['repaired', 'A landmark is outside its image and counts as not labelled.'],
  TYPE_DISAGREES: ['noted', 'The type of a garment is not that of its category.'],
  ATTRIBUTE_COUNT: ['dropped', 'A row has not one value for each attribute.'],
  ATTRIBUTE_VALUE: ['repaired', 'An attribute is none of -1, 0 and 1 and counts as unknown.'],
  // Images
  LINK_OUTSIDE: ['noted', "An image is a link that leads out of the dataset's folder."],
  IMAGE_MISSING: ['noted', 'An image is not on the disk.'],
  IMAGE_UNREADABLE: ['noted', 'An image on the disk cannot be read as one.'],
  IMAGE_TOO_LARGE: [
    'noted',
    'An image on the disk has more than 64 MB, or takes too much memory to be decoded.',
  ],
  SIZE_UNKNOWN: ['dropped', 'Nothing tells the size of an image.'],
  SIZE_DISAGREES: ['repaired', 'An image has another size than its annotations say.'],
  IMAGE_TINY: ['noted', 'An image has a side of less than 32 pixels.'],
  // Images that EXIF turns
  FRAME_SHOWN: [
    'noted',
    'EXIF turns an image; its boxes count in the pixels that are shown, as its size says.',
  ],
  FRAME_STORED: [
    'repaired',
    'EXIF turns an image, and its boxes count in the pixels that are stored; they were turned with it.',
  ],
  FRAME_ASSUMED: [
    'repaired',
    'EXIF turns an image, and its size does not tell whether boxes count in the pixels shown or stored; they count as in the other images of its file, else as shown.',
  ],
  MASK_NOT_TURNED: [
    'repaired',
    'EXIF turns an image, and a run-length mask counts in the pixels that are stored; its box stands in.',
  ],
  // COCO
  OTHER_FILE: ['noted', 'A JSON file beside the annotations holds something else; it is not read.'],
  LIST_MISSING: ['noted', 'One of images, annotations and categories is not there or no list.'],
  TOO_DEEP: ['dropped', 'A value is nested deeper than any annotation.'],
  REPEATED_KEY: ['noted', 'A key occurs twice at the top of the file.'],
  FIELD_MISSING: ['dropped', 'A field is missing or of the wrong type, and nothing can stand in.'],
  DUPLICATE_ID: ['repaired', 'An id occurs twice; the later one got a new id.'],
  DUPLICATE_NAME: ['noted', 'Two images have one file name.'],
  ID_TOO_LARGE: ['repaired', 'The id of a category is above 2,147,483,647; it got a new id.'],
  NUMBER_AS_TEXT: [
    'repaired',
    'A number is written as text, or as true or false; it counts as the number.',
  ],
  NAN: [
    'repaired',
    'NaN or Infinity, which JSON has not, stands for a number; none is there then.',
  ],
  ID_NOT_POSITIVE: ['repaired', 'An id is no whole number above 0; it got a new id.'],
  UNKNOWN_IMAGE: ['dropped', 'An annotation belongs to no image of the file.'],
  AREA_INVALID: ['repaired', 'An area is missing or not above 0; that of the box stands in.'],
  CROWDS: [
    'noted',
    'Annotations are crowds, as CVAT writes masks; training and evaluation leave crowds out.',
  ],
  CROWD_INVALID: ['repaired', 'iscrowd is neither 0 nor 1 and counts as 0.'],
  SEGMENTATION_FORM: [
    'repaired',
    'A polygon is written without its outer list, or as a list of points.',
  ],
  SEGMENTATION_INVALID: [
    'repaired',
    'A segmentation is missing or no polygon of 3 points or more; the box stands in.',
  ],
  KEYPOINTS_INVALID: ['repaired', 'Keypoints are not rows of x, y, visibility and are left out.'],
} as const satisfies Readonly<Record<string, readonly [Effect, string]>>;

export type IrregularityCode = keyof typeof IRREGULARITIES;

export interface Irregularity {
  readonly code: IrregularityCode;
  readonly effect: Effect;
  /** Path from the dataset's folder. */
  readonly file: string;
  /** From 1; null where it concerns the file as a whole. */
  readonly line: number | null;
  /** What was found there. */
  readonly detail: string;
}

export interface IrregularityCount {
  readonly code: IrregularityCode;
  readonly effect: Effect;
  readonly meaning: string;
  readonly count: number;
  /** The first ones. */
  readonly examples: readonly Irregularity[];
}

/** `Anno/list_bbox.txt:17 BOX_EMPTY (dropped): ...`, as compilers write it. */
export function describeIrregularity({ code, effect, file, line, detail }: Irregularity): string {
  return `${file}${line === null ? '' : `:${line}`} ${code} (${effect}): ${detail}`;
}
