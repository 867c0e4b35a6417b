/** Which category of a model an annotation of a dataset belongs to: pure. */
import type { CategoryType } from '@deepstyle/contracts';
import type { Labels } from './identity.ts';

/** What a model tells apart, in the order of its outputs. */
export interface ModelCategory {
  readonly name: string;
  readonly type: CategoryType;
}

/** A category as its dataset owns it. */
export interface DatasetCategory extends ModelCategory {
  readonly id: number;
}

export interface LabelMap {
  readonly categories: readonly ModelCategory[];
  /** Id of each in a COCO file: that of the dataset, or of a type its number from 1. */
  readonly ids: readonly number[];
  /** Id in the dataset -> place in `categories`, from 0. */
  readonly places: ReadonlyMap<number, number>;
}

const TYPES: readonly CategoryType[] = ['upper', 'lower', 'full', 'other'];

/** Categories in the order of their ids, or the types that occur. */
export function labelMapOf(categories: readonly DatasetCategory[], labels: Labels): LabelMap {
  const ordered = [...categories].sort((a, b) => a.id - b.id);
  if (labels === 'categories') {
    return {
      categories: ordered.map(({ name, type }) => ({ name, type })),
      ids: ordered.map(({ id }) => id),
      places: new Map(ordered.map(({ id }, place) => [id, place])),
    };
  }
  const types = TYPES.filter((type) => ordered.some((category) => category.type === type));
  return {
    categories: types.map((type) => ({ name: type, type })),
    ids: types.map((_, place) => place + 1),
    places: new Map(ordered.map(({ id, type }) => [id, types.indexOf(type)])),
  };
}
