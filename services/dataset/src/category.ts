import type { CategoryType } from '@deepstyle/contracts';
import { textProblem } from '@deepstyle/contracts/request-rules';

/** A category that a dataset owns. */
export interface Category {
  /** Whole number from 1; gaps are allowed. */
  readonly id: number;
  readonly name: string;
  readonly type: CategoryType;
}

/** An attribute that garments of a dataset may have. */
export interface Attribute {
  /** From 1. */
  readonly id: number;
  readonly name: string;
  /** For example "texture" or "fabric". */
  readonly type: string;
}

const MAX_LABEL_LENGTH = 200;

/** Why a text cannot name a category, an attribute or a point; null where it can. */
export function labelProblem(name: string): string | null {
  const problem = textProblem(name, MAX_LABEL_LENGTH);
  return problem === null ? null : `"${name.slice(0, MAX_LABEL_LENGTH)}" ${problem}.`;
}

const NAMES: Readonly<Record<Exclude<CategoryType, 'other'>, string>> = {
  upper:
    'anorak blazer blouse bomber button-down cardigan flannel halter henley hoodie jacket jersey parka peacoat poncho sweater tank tee top turtleneck shirt t-shirt vest polo sweatshirt',
  lower:
    'capris chinos culottes cutoffs gauchos jeans jeggings jodhpurs joggers leggings sarong shorts skirt sweatpants sweatshorts trunks pants trousers',
  full: 'caftan cape coat coverup dress jumpsuit kaftan kimono nightdress onesie robe romper shirtdress sundress gown',
};

const TYPE_OF_NAME = new Map<string, CategoryType>(
  (Object.keys(NAMES) as (keyof typeof NAMES)[]).flatMap((type) =>
    NAMES[type].split(' ').map((name): [string, CategoryType] => [name, type]),
  ),
);

/** The type of a category: as it is said, else by its name, else "other". */
export function categoryTypeOf(name: string, said: unknown): CategoryType {
  if (said === 'upper' || said === 'lower' || said === 'full' || said === 'other') return said;
  return TYPE_OF_NAME.get(name.toLowerCase()) ?? 'other';
}

export const SPLITS = ['train', 'val', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** How a box's width follows from its corners: right - left, or right - left + 1. */
export const BOX_CONVENTIONS = ['exclusive', 'inclusive'] as const;
export type BoxConvention = (typeof BOX_CONVENTIONS)[number];
