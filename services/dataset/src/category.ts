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
  /** From 0. */
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

export const SPLITS = ['train', 'val', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** How a box's width follows from its corners: right - left, or right - left + 1. */
export const BOX_CONVENTIONS = ['exclusive', 'inclusive'] as const;
export type BoxConvention = (typeof BOX_CONVENTIONS)[number];
