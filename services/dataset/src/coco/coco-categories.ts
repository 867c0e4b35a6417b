import { categoryTypeOf, nameKey } from '@deepstyle/contracts';
import { type Attribute, type Category, labelProblem } from '../category.ts';
import type { Say } from './coco-images.ts';
import { idOf } from './id-of.ts';
import { Identifiers } from './identifiers.ts';
import { asRow, idKey, type JsonRow, shownValue } from './values.ts';

/** A category whose id is settled once all are known. */
export interface CocoCategory extends Category {
  id: number;
}

/** Id of a category in its file, as `idKey` has it -> the category in the dataset. */
export type CategoryIds = Map<unknown, CocoCategory>;

/** As databases and the graph have numbers. */
const MAX_CATEGORY_ID = 2 ** 31 - 1;

/** How a category is listed first. */
interface Listed {
  readonly category: CocoCategory;
  readonly given: unknown;
  /** Key of its supercategory's name. */
  readonly group: string;
  readonly say: Say;
}

/** The categories and attributes of several files as those of one dataset: what has one name is one category. */
export class CocoCategories {
  readonly #listed = new Map<string, Listed>();
  readonly #attributes = new Map<number, Attribute>();
  /** Categories of each file so far. */
  readonly #ofFile = new WeakMap<CategoryIds, Set<CocoCategory>>();
  #keypoints: readonly string[] = [];

  get categories(): readonly Category[] {
    const categories = [...this.#listed.values()].map(({ category }) => ({ ...category }));
    return categories.sort((a, b) => a.id - b.id);
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
    const key = idOf(row.id, 'id', say);
    if (ids.has(key)) {
      say('DUPLICATE_CATEGORY', `id ${shownValue(row.id)} is that of an earlier one.`);
      return;
    }
    if (this.#keypoints.length === 0) this.#keypoints = pointNames(row.keypoints, say);
    ids.set(key, this.#categoryOf(ids, row.name.trim(), row, say));
  }

  takeAttribute(value: unknown, say: Say): void {
    const { id, name, supercategory } = asRow(value) ?? {};
    const key = idOf(id, 'id', say);
    if (!Number.isSafeInteger(key) || (key as number) < 0 || typeof name !== 'string') {
      say('FIELD_MISSING', `An attribute needs an id from 0 and a name: ${shownValue(value)}`);
      return;
    }
    const type = typeof supercategory === 'string' ? supercategory : 'other';
    const problem = labelProblem(name) ?? labelProblem(type);
    if (problem !== null) {
      say('INVALID_TEXT', problem);
      return;
    }
    this.#attributes.set(key as number, { id: key as number, name, type });
  }

  /** Gives the categories their ids: usable ones are kept, the others get new ones. */
  settleIds(): void {
    const identifiers = new Identifiers<CocoCategories>(MAX_CATEGORY_ID);
    const others: Listed[] = [];
    for (const listed of this.#listed.values()) {
      const id = identifiers.claim(idKey(listed.given), this);
      if (id === null) others.push(listed);
      else listed.category.id = id;
    }
    for (const { category, given, say } of others) {
      const { id, problem } = identifiers.take(idKey(given), this);
      category.id = id;
      // An id of another file is no irregularity: each file has its own.
      if (problem === 'repeated') continue;
      const code = problem === 'too large' ? 'ID_TOO_LARGE' : 'ID_NOT_POSITIVE';
      say(code, `id ${shownValue(given)} became ${id}.`);
    }
  }

  /** Leaves out categories that are only the group of others: Roboflow lists its project as one. */
  dropGroups(used: ReadonlySet<CocoCategory>): void {
    const ofOthers = [...this.#listed].filter(([key, { group }]) => group !== key);
    const groups = new Set(ofOthers.map(([, { group }]) => group));
    for (const [key, { category, say }] of this.#listed) {
      if (used.has(category) || !groups.has(key)) continue;
      say('GROUP_CATEGORY', `"${category.name}" has no annotation.`);
      this.#listed.delete(key);
    }
  }

  /** What has one name is one category; the first spelling stays. */
  #categoryOf(ids: CategoryIds, name: string, row: JsonRow, say: Say): CocoCategory {
    const key = nameKey(name);
    const known = this.#listed.get(key)?.category;
    const category = known ?? { id: 0, name, type: categoryTypeOf(name, row.supercategory) };
    if (known === undefined) {
      const group = typeof row.supercategory === 'string' ? nameKey(row.supercategory) : '';
      this.#listed.set(key, { category, given: row.id, group, say });
    }
    const ofFile = this.#ofFile.get(ids) ?? new Set();
    if (ofFile.has(category)) {
      say('DUPLICATE_CATEGORY', `"${name}" is listed before; the two are one.`);
    } else if (category.name !== name) say('NAME_CASE', `"${name}" is "${category.name}".`);
    this.#ofFile.set(ids, ofFile.add(category));
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
