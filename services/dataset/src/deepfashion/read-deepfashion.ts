import type { CategoryType } from '@deepstyle/contracts';
import type { Attribute, Category } from '../category.ts';
import {
  type ListFile,
  type ListReading,
  type OnRow,
  type RowOptions,
  readBareList,
  readList,
  shown,
} from '../lists/list-file.ts';
import type { RowFields } from '../lists/row-fields.ts';
import { takeAttributes, type ZeroMeans } from './attribute-rows.ts';
import { AttributeSets } from './attribute-sets.ts';
import { type CategoryList, readAttributeList, readCategoryList } from './category-list.ts';
import { type GarmentRow, takeBox, takeCategory, takeSize, takeSplit } from './garment-rows.ts';
import { GarmentTable, SPLIT_OF_CODE } from './garment-table.ts';
import { takeBareLandmarks, takeLandmarks } from './landmark-rows.ts';
import type { DeepFashionLayout, SplitFiles } from './layout.ts';
import { addNamed, placeOfNamed } from './placing.ts';

/** What the lists of a DeepFashion folder say, before the sizes of its images are known. */
export interface DeepFashionLists {
  readonly table: GarmentTable;
  readonly categories: readonly Category[];
  /** Empty where they are not read. */
  readonly attributes: readonly Attribute[];
}

/** Rows of attributes are a name, where there is one, and a thousand values. */
const NAME_ONLY: RowOptions = { mostFields: 1 };

/** Everything that takes the rows of a list needs. */
interface Lists {
  readonly reading: ListReading;
  readonly table: GarmentTable;
  readonly categoryList: CategoryList;
  readonly attributes: readonly Attribute[];
  readonly zeroMeans: ZeroMeans;
  readonly typeOf: (categoryId: number) => CategoryType;
}

/**
 * Reads the lists of a folder, line by line, in any order of their rows.
 *
 * @throws what readList throws
 */
export async function readDeepFashion(
  layout: DeepFashionLayout,
  options: { readonly attributes: boolean; readonly sizes: ListFile | null },
  reading: ListReading,
): Promise<DeepFashionLists> {
  for (const name of layout.missing) {
    reading.report.add('FILE_MISSING', name, null, 'It is not there.');
  }
  const categoryList = await readCategoryList(layout.categoryList, reading);
  const attributes =
    options.attributes && layout.attributeList !== null
      ? await readAttributeList(layout.attributeList, reading)
      : [];
  const types = new Map(categoryList.categories.map(({ id, type }) => [id, type]));
  const table = new GarmentTable();
  const lists: Lists = {
    reading,
    table,
    categoryList,
    attributes,
    zeroMeans: layout.set === 'fine' ? 'negative' : 'unknown',
    typeOf: (id) => types.get(id) ?? 'other',
  };
  if (layout.named === null) await readSplits(lists, layout.splits);
  else await readNamed(lists, layout.named);
  const sizes = options.sizes ?? layout.sizes;
  if (sizes !== null) await readNamedList(lists, sizes, takeSize);
  return { table, categories: categoryList.categories, attributes };
}

async function readNamed(
  lists: Lists,
  files: NonNullable<DeepFashionLayout['named']>,
): Promise<void> {
  const { table, attributes } = lists;
  await readImageList(lists, files.categories);
  if (files.boxes) await readNamedList(lists, files.boxes, takeBox);
  if (files.splits) await readNamedList(lists, files.splits, takeSplit);
  if (files.landmarks) {
    await readNamedList(lists, files.landmarks, (row) => takeLandmarks(row, lists.typeOf));
  }
  if (files.attributes && attributes.length > 0) {
    table.attributes = new AttributeSets(table.count);
    const take = (row: GarmentRow) => takeAttributes(row, attributes.length, lists.zeroMeans);
    await readNamedList(lists, files.attributes, take, NAME_ONLY);
  }
}

/** The list of categories by image is also the list of images. */
function readImageList({ reading, table, categoryList }: Lists, file: ListFile): Promise<void> {
  const { report } = reading;
  const isSame = (fields: RowFields, place: number) =>
    fields.count === 2 &&
    categoryList.meaning[fields.integer(1)] === (table.categories[place] as number);
  const takeRow = rowTaker({ reading, table }, file, 1, (row) => takeCategory(row, categoryList));
  const takeNew: OnRow = (fields, line) => {
    const place = addNamed(table, fields, file, line, report, isSame);
    if (place >= 0) takeRow(fields, place, line);
  };
  const onPromise = (rows: number, bytes: number) => table.reserve(rows, bytes);
  return readList(file, reading, takeNew, { onPromise });
}

function readNamedList(
  { reading, table }: Lists,
  file: ListFile,
  take: (row: GarmentRow) => void,
  rowOptions?: RowOptions,
): Promise<void> {
  const { report } = reading;
  table.names.rewind();
  const takeRow = rowTaker({ reading, table }, file, 1, take);
  const takeNamed: OnRow = (fields, line) => {
    const place = placeOfNamed(table, fields, file, line, report);
    if (place >= 0) takeRow(fields, place, line);
  };
  // Lists of one dataset are mostly in one order, so that the next name is known before its row is read.
  const firstFieldEnd = (bytes: Buffer, start: number) => table.names.expectedEnd(bytes, start);
  return readList(file, reading, takeNamed, { ...rowOptions, firstFieldEnd });
}

/** Hands rows of a list to `take`, one object for all of them. `first` is the number of fields that name the image. */
function rowTaker(
  { reading, table }: Pick<Lists, 'reading' | 'table'>,
  file: ListFile,
  first: number,
  take: (row: GarmentRow) => void,
): (fields: RowFields, place: number, line: number) => void {
  let row: { -readonly [Key in keyof GarmentRow]: GarmentRow[Key] } | null = null;
  return (fields, place, line) => {
    row ??= { table, report: reading.report, file, fields, first, place, line };
    row.place = place;
    row.line = line;
    take(row);
  };
}

/** Lists of one split each, without names: row i of each belongs to row i of the split's list of images. */
async function readSplits(lists: Lists, splits: readonly SplitFiles[]): Promise<void> {
  const { table, attributes, zeroMeans, typeOf, categoryList } = lists;
  const places = new Map<SplitFiles, number[]>();
  for (const files of splits) places.set(files, await readSplitImages(lists, files));
  if (attributes.length > 0) table.attributes = new AttributeSets(table.count);
  for (const [files, rows] of places) {
    const read = async (
      file: ListFile | null,
      take: (row: GarmentRow) => void,
      rowOptions?: RowOptions,
    ) => {
      if (file !== null) await readPlacedList(lists, file, rows, take, rowOptions);
    };
    await read(files.categories, (row) => takeCategory(row, categoryList));
    await read(files.boxes, takeBox);
    await read(files.landmarks, (row) => takeBareLandmarks(row, typeOf));
    if (attributes.length > 0) {
      const take = (row: GarmentRow) => takeAttributes(row, attributes.length, zeroMeans);
      await read(files.attributes, take, NAME_ONLY);
    }
  }
}

/** Place of the image on each row; -1 where a row names none. */
async function readSplitImages(
  { reading, table }: Lists,
  { images, split }: SplitFiles,
): Promise<number[]> {
  const { report } = reading;
  const places: number[] = [];
  const code = SPLIT_OF_CODE.indexOf(split);
  await readBareList(images, reading, (fields, line, row) => {
    const place = addNamed(table, fields, images, line, report, () => true);
    if (place >= 0) table.splits[place] = code;
    while (places.length < row) places.push(-1);
    places.push(place);
  });
  return places;
}

async function readPlacedList(
  { reading, table }: Lists,
  file: ListFile,
  places: readonly number[],
  take: (row: GarmentRow) => void,
  rowOptions?: RowOptions,
): Promise<void> {
  const { report } = reading;
  const takeRow = rowTaker({ reading, table }, file, 0, take);
  const takePlaced: OnRow = (fields, line, row) => {
    const place = places[row];
    if (place === undefined) report.add('ORPHAN_ROW', file.name, line, shown(fields));
    else if (place >= 0) takeRow(fields, place, line);
  };
  const rows = await readBareList(file, reading, takePlaced, rowOptions);
  if (rows < places.length) {
    report.add('ROW_COUNT', file.name, null, `${rows} rows for ${places.length} images.`);
  }
}
