import { createRandom, seedOf, shuffled } from '@deepstyle/vision';
import { apportioned, type Portion, rounds } from '../drawing/apportioned.ts';
import { GARMENT_PATTERNS, type GarmentColor, type GarmentPattern } from '../drawing/cloth.ts';
import {
  GARMENT_TYPES,
  type GarmentCategory,
  type GarmentType,
} from '../drawing/garment-shapes.ts';

/** Shares of all garments in the first, the middle and the last season. */
type Course = readonly [first: number, middle: number, last: number];

/**
 * Each column sums to 1, with as many upper as lower garments, since a figure wears either one full garment or one of each.
 * From season to season a share either stays or moves so far that 380 found garments a season call it, after correction for
 * all comparisons, also where a detector takes one garment in seven for another of its type.
 */
const PLANNED_CATEGORIES: Record<GarmentCategory, Course> = {
  coat: [0.05, 0.05, 0.25],
  dress: [0.25, 0.25, 0.05],
  jacket: [0.04, 0.04, 0.22],
  't-shirt': [0.22, 0.22, 0.04],
  shirt: [0.09, 0.09, 0.09],
  trousers: [0.04, 0.22, 0.22],
  shorts: [0.22, 0.04, 0.04],
  skirt: [0.09, 0.09, 0.09],
};

/** Each column sums to 1. */
const PLANNED_COLORS: Partial<Record<GarmentColor, Course>> = {
  brown: [0.05, 0.05, 0.2],
  yellow: [0.2, 0.2, 0.05],
  black: [0.16, 0.16, 0.16],
  blue: [0.12, 0.12, 0.12],
  white: [0.12, 0.12, 0.12],
  red: [0.1, 0.1, 0.1],
  green: [0.12, 0.12, 0.12],
  pink: [0.13, 0.13, 0.13],
};

export interface PlannedGarment {
  readonly category: GarmentCategory;
  readonly color: GarmentColor;
  readonly pattern: GarmentPattern;
}

/** What a figure wears: one full garment, or a lower and an upper one. */
export type Outfit = readonly PlannedGarment[];

export interface PlannedScene {
  readonly season: string;
  readonly brand: string;
  /** One or two; the second stands in front. */
  readonly figures: readonly Outfit[];
}

export interface ScenePlanOptions {
  readonly season: string;
  /** Place among the seasons: 0 for the first .. 1 for the last. */
  readonly at: number;
  readonly scenes: number;
  readonly brands: readonly string[];
  readonly seed: number;
  /** `even`: every category and colour alike, whatever the season. */
  readonly shares: 'planned' | 'even';
}

/** Scenes with two figures. */
const PAIRS_PART = 0.4;

/**
 * The scenes of one season: exact counts for the planned shares (largest remainders), with colours, patterns, brands and
 * company dealt in random orders of their own.
 */
export function planScenes(options: ScenePlanOptions): PlannedScene[] {
  const { season, scenes, brands, seed } = options;
  const deal = <T>(name: string, items: readonly T[]) =>
    shuffled(items, createRandom(seedOf(seed, season, name)));
  const pairs = Math.round(scenes * PAIRS_PART);
  const sizes = deal('sizes', [...rounds([2], pairs), ...rounds([1], scenes - pairs)]);
  const outfits = deal('outfits', outfitsOf(options, scenes + pairs, deal));
  const owners = deal('brands', rounds(brands, scenes));
  let next = 0;
  return sizes.map((size, i) => {
    const figures = outfits.slice(next, next + size);
    next += size;
    return { season, brand: owners[i] as string, figures };
  });
}

type Deal = <T>(name: string, items: readonly T[]) => T[];

function outfitsOf(options: ScenePlanOptions, figures: number, deal: Deal): Outfit[] {
  const categories = coursesOf(options, PLANNED_CATEGORIES);
  const ofType = (type: GarmentType) =>
    categories.filter(({ name }) => GARMENT_TYPES[name] === type);
  const sum = (portions: readonly Portion<GarmentCategory>[]) =>
    portions.reduce((total, { share }) => total + share, 0);
  const full = sum(ofType('full'));
  // A figure's garments are one full one, or two: so full ones are more of the figures than of the garments.
  const fullFigures = Math.round((figures * full) / (full + sum(ofType('upper'))));
  const dealt = (type: GarmentType, count: number) => {
    const portions = ofType(type);
    const total = sum(portions);
    const within = portions.map((one) => ({ ...one, share: one.share / total }));
    return deal(type, apportioned(within, count));
  };
  const worn: GarmentCategory[][] = dealt('full', fullFigures).map((category) => [category]);
  const upper = dealt('upper', figures - fullFigures);
  for (const [i, category] of dealt('lower', figures - fullFigures).entries()) {
    worn.push([category, upper[i] as GarmentCategory]);
  }
  return colored(worn, options, deal);
}

function colored(
  worn: readonly (readonly GarmentCategory[])[],
  options: ScenePlanOptions,
  deal: Deal,
): Outfit[] {
  const garments = worn.flat().length;
  const colors = deal('colors', apportioned(coursesOf(options, PLANNED_COLORS), garments));
  const patterns = deal('patterns', rounds(GARMENT_PATTERNS, garments));
  let next = 0;
  return worn.map((categories) =>
    categories.map((category) => {
      const color = colors[next] as GarmentColor;
      const pattern = patterns[next] as GarmentPattern;
      next++;
      return { category, color, pattern };
    }),
  );
}

function coursesOf<Name extends string>(
  { at, shares }: ScenePlanOptions,
  plan: Partial<Record<Name, Course>>,
): Portion<Name>[] {
  const courses = Object.entries<Course | undefined>(plan);
  // A season between two columns takes the nearer one, so that no change is too small to be called.
  const column = Math.round(at * 2);
  return courses.map(([name, course]) => {
    const share = shares === 'even' ? 1 / courses.length : (course?.[column] ?? 0);
    const moves = shares === 'planned' && new Set(course).size > 1;
    return { name: name as Name, share, moves };
  });
}
