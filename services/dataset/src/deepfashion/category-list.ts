import { type CategoryType, categoryTypeOf, nameKey } from '@deepstyle/contracts';
import { type Attribute, type Category, labelProblem } from '../category.ts';
import { type ListFile, type ListReading, readList } from '../lists/list-file.ts';
import type { RowFields } from '../lists/row-fields.ts';

const TYPE_OF_NUMBER: readonly (CategoryType | undefined)[] = [undefined, 'upper', 'lower', 'full'];
const ATTRIBUTE_TYPES = ['other', 'texture', 'fabric', 'shape', 'part', 'style'] as const;
/** Names that DeepFashion lists, but whose garments it counts as the other one. */
const MERGED_INTO = 'dress';
const MERGED: ReadonlySet<string> = new Set(['cape', 'nightdress', 'shirtdress', 'sundress']);

export interface CategoryList {
  /** Those that the dataset owns; of DeepFashion's 50 names the 46 that are used. */
  readonly categories: readonly Category[];
  /** Id as images have it -> id of the category that it means; 0 for ids that mean none. */
  readonly meaning: Uint16Array;
}

/**
 * Reads `list_category_cloth.txt`. A category's id is its place in the list, from 1. Its type is the last field of its
 * row; what stands before is its name.
 *
 * @throws what readList throws
 */
export async function readCategoryList(
  file: ListFile,
  reading: ListReading,
): Promise<CategoryList> {
  const { report } = reading;
  const listed: Category[] = [];
  const names = new Set<string>();
  await readList(file, reading, (fields, line, row) => {
    const { name, number } = nameAndNumber(fields);
    if (name === '') {
      report.add('FIELD_COUNT', file.name, line, `A name and a type are needed: "${name}".`);
      return;
    }
    const problem = labelProblem(name);
    if (problem !== null) {
      report.add('INVALID_TEXT', file.name, line, problem);
      return;
    }
    if (names.has(nameKey(name))) {
      report.add('DUPLICATE_CATEGORY', file.name, line, `"${name}" is listed before.`);
      return;
    }
    names.add(nameKey(name));
    const said = TYPE_OF_NUMBER[number];
    const type = categoryTypeOf(name, said);
    if (said === undefined) {
      report.add('UNKNOWN_TYPE', file.name, line, `"${name}" has none of the types 1, 2 and 3.`);
    }
    listed.push({ id: row + 1, name, type });
  });
  return withoutMerged(listed);
}

function withoutMerged(listed: readonly Category[]): CategoryList {
  const target = listed.find(({ name }) => nameKey(name) === MERGED_INTO);
  const isMerged = ({ name }: Category) => target !== undefined && MERGED.has(nameKey(name));
  const meaning = new Uint16Array((listed.at(-1)?.id ?? 0) + 1);
  for (const category of listed) {
    meaning[category.id] = isMerged(category) ? (target?.id ?? 0) : category.id;
  }
  return { categories: listed.filter((category) => !isMerged(category)), meaning };
}

/** Reads `list_attr_cloth.txt`: names with spaces and hyphens, the type last. @throws what readList throws */
export async function readAttributeList(
  file: ListFile,
  reading: ListReading,
): Promise<readonly Attribute[]> {
  const attributes: Attribute[] = [];
  await readList(file, reading, (fields, line, row) => {
    const { name, number } = nameAndNumber(fields);
    if (name === '') {
      reading.report.add('FIELD_COUNT', file.name, line, 'A name and a type are needed.');
    }
    const problem = labelProblem(name);
    if (problem !== null) reading.report.add('INVALID_TEXT', file.name, line, problem);
    // Values of images belong to attributes by their place, so that one without a name keeps its place too.
    const type = ATTRIBUTE_TYPES[number] ?? 'other';
    const label = name === '' || problem !== null ? `attribute ${row + 1}` : name;
    attributes.push({ id: row + 1, name: label, type });
  });
  return attributes;
}

/** A row of a name, which may hold spaces, and a number. The name is empty where one of them is missing. */
function nameAndNumber(fields: RowFields): { name: string; number: number } {
  const last = fields.count - 1;
  if (last < 1) return { name: '', number: Number.NaN };
  return { name: fields.textOf(0, last), number: fields.integer(last) };
}
