import { categoryTypeOf } from '@deepstyle/contracts';
import { type Attribute, type Category, labelProblem } from '../category.ts';
import { asRow, type Say, shownValue } from './coco-images.ts';
import { Identifiers } from './identifiers.ts';

/** Id of a category in its file -> its id in the dataset. */
export type CategoryIds = Map<unknown, number>;

/** The categories and attributes of several files as those of one dataset: what has one name is one category. */
export class CocoCategories {
  readonly #identifiers = new Identifiers();
  readonly #categories = new Map<string, Category>();
  readonly #attributes = new Map<number, Attribute>();
  /** Categories of each file so far. */
  readonly #listed = new WeakMap<CategoryIds, Set<number>>();
  #keypoints: readonly string[] = [];

  get categories(): readonly Category[] {
    return [...this.#categories.values()].sort((a, b) => a.id - b.id);
  }

  get attributes(): readonly Attribute[] {
    return [...this.#attributes.values()].sort((a, b) => a.id - b.id);
  }

  /** Names of the points of a garment, as the first category with points has them. */
  get keypoints(): readonly string[] {
    return this.#keypoints;
  }

  takeCategory(ids: CategoryIds, value: unknown, say: Say): void {
    const row = asRow(value);
    if (row === null || typeof row.name !== 'string' || row.name.trim() === '') {
      say('FIELD_MISSING', `name is ${shownValue(row?.name)}.`);
      return;
    }
    const problem = labelProblem(row.name);
    if (problem !== null) {
      say('INVALID_TEXT', problem);
      return;
    }
    if (ids.has(row.id)) {
      say('DUPLICATE_CATEGORY', `id ${shownValue(row.id)} is that of an earlier one.`);
      return;
    }
    if (this.#keypoints.length === 0) this.#keypoints = pointNames(row.keypoints, say);
    const name = row.name.trim();
    const category = this.#categories.get(name) ?? this.#newCategory(name, row, say);
    const listed = this.#listed.get(ids) ?? new Set();
    if (listed.has(category.id)) {
      say('DUPLICATE_CATEGORY', `"${name}" is listed before; the two are one.`);
    }
    this.#listed.set(ids, listed.add(category.id));
    ids.set(row.id, category.id);
  }

  takeAttribute(value: unknown, say: Say): void {
    const { id, name, supercategory } = asRow(value) ?? {};
    if (!Number.isSafeInteger(id) || (id as number) < 1 || typeof name !== 'string') {
      say('FIELD_MISSING', `An attribute needs an id above 0 and a name: ${shownValue(value)}`);
      return;
    }
    const type = typeof supercategory === 'string' ? supercategory : 'other';
    const problem = labelProblem(name) ?? labelProblem(type);
    if (problem !== null) {
      say('INVALID_TEXT', problem);
      return;
    }
    this.#attributes.set(id as number, { id: id as number, name, type });
  }

  #newCategory(
    name: string,
    row: { readonly id?: unknown; readonly supercategory?: unknown },
    say: Say,
  ): Category {
    const { id, problem } = this.#identifiers.take(row.id);
    if (problem === 'invalid') say('ID_NOT_POSITIVE', `id ${shownValue(row.id)} became ${id}.`);
    const category = { id, name, type: categoryTypeOf(name, row.supercategory) };
    this.#categories.set(name, category);
    return category;
  }
}

/** Names of points; none where one of them is no name. */
function pointNames(value: unknown, say: Say): readonly string[] {
  if (!Array.isArray(value)) return [];
  const names = value.map((name) => (typeof name === 'object' ? '' : String(name)));
  const odd = names.find((name) => name === '' || labelProblem(name) !== null);
  if (odd === undefined) return names;
  say('INVALID_TEXT', 'A name of a keypoint is no text; no annotation has points.');
  return [];
}
