import { createRandom, seedOf, shuffled } from '@deepstyle/vision';
import { apportioned, type Portion, rounds } from './apportioned.ts';
import { GARMENT_PATTERNS, type GarmentColor, type GarmentPattern } from './cloth.ts';
import type { GarmentCategory } from './garment-shapes.ts';

export type Direction = 'rising' | 'falling' | 'unchanged';

/** Shares in the first and in the last season; those between lie on the straight line. */
interface PlannedShare {
  readonly first: number;
  readonly last: number;
}

/** Each column sums to 1. The changes are large enough to be called at 250 garments a season, after correction. */
const PLANNED_CATEGORIES: Record<GarmentCategory, PlannedShare> = {
  coat: { first: 0.05, last: 0.22 },
  trousers: { first: 0.06, last: 0.2 },
  dress: { first: 0.24, last: 0.08 },
  shorts: { first: 0.2, last: 0.05 },
  jacket: { first: 0.12, last: 0.12 },
  shirt: { first: 0.12, last: 0.12 },
  skirt: { first: 0.11, last: 0.11 },
  't-shirt': { first: 0.1, last: 0.1 },
};

const PLANNED_COLORS: Partial<Record<GarmentColor, PlannedShare>> = {
  brown: { first: 0.05, last: 0.23 },
  yellow: { first: 0.21, last: 0.05 },
  green: { first: 0.08, last: 0.14 },
  pink: { first: 0.16, last: 0.08 },
  black: { first: 0.16, last: 0.16 },
  blue: { first: 0.12, last: 0.12 },
  white: { first: 0.12, last: 0.12 },
  red: { first: 0.1, last: 0.1 },
};

/** One photograph of the plan, not yet drawn. */
export interface PlannedPhoto {
  readonly season: string;
  readonly brand: string;
  readonly category: GarmentCategory;
  readonly color: GarmentColor;
  readonly pattern: GarmentPattern;
}

/** What was drawn of one category or colour over the seasons. */
export interface DrawnTrend<Name extends string> {
  readonly name: Name;
  /** Photographs in each season, in the order of the seasons. */
  readonly counts: readonly number[];
  /** Parts of each season's photographs, in the order of the seasons. */
  readonly shares: readonly number[];
  /** From the first season to the last, as planned. */
  readonly direction: Direction;
}

/**
 * The photographs of one season: exact counts for the planned shares (largest remainders), with colours, patterns and brands
 * dealt to them in a random order of their own.
 * @param at 0 for the first season .. 1 for the last
 */
export function planSeason(
  season: string,
  at: number,
  count: number,
  brands: readonly string[],
  seed: number,
): PlannedPhoto[] {
  const deal = <T>(name: string, items: readonly T[]) =>
    shuffled(items, createRandom(seedOf(seed, season, name)));
  const categories = deal('categories', apportioned(portionsAt(PLANNED_CATEGORIES, at), count));
  const colors = deal('colors', apportioned(portionsAt(PLANNED_COLORS, at), count));
  const patterns = deal('patterns', rounds(GARMENT_PATTERNS, count));
  const owners = deal('brands', rounds(brands, count));
  return categories.map((category, i) => ({
    season,
    category,
    color: colors[i] as GarmentColor,
    pattern: patterns[i] as GarmentPattern,
    brand: owners[i] as string,
  }));
}

function portionsAt<Name extends string>(
  plan: Partial<Record<Name, PlannedShare>>,
  at: number,
): Portion<Name>[] {
  return Object.entries<PlannedShare | undefined>(plan).map(([name, share]) => {
    const { first, last } = share ?? { first: 0, last: 0 };
    return {
      ...{ name: name as Name, share: first + (last - first) * at },
      moves: first !== last,
    };
  });
}

/** What was drawn of each name, strongest rise first. */
export function drawnTrends(
  photos: readonly PlannedPhoto[],
  seasons: readonly string[],
): {
  readonly categories: readonly DrawnTrend<GarmentCategory>[];
  readonly colors: readonly DrawnTrend<GarmentColor>[];
} {
  return {
    categories: trendsOf(PLANNED_CATEGORIES, photos, seasons, (photo) => photo.category),
    colors: trendsOf(PLANNED_COLORS, photos, seasons, (photo) => photo.color),
  };
}

function trendsOf<Name extends string>(
  plan: Partial<Record<Name, PlannedShare>>,
  photos: readonly PlannedPhoto[],
  seasons: readonly string[],
  nameOf: (photo: PlannedPhoto) => Name,
): DrawnTrend<Name>[] {
  const rows = Object.entries<PlannedShare | undefined>(plan).map(([key, share]) => {
    const name = key as Name;
    const inSeason = seasons.map((season) => photos.filter((photo) => photo.season === season));
    const counts = inSeason.map((list) => list.filter((photo) => nameOf(photo) === name).length);
    const shares = counts.map((count, i) => count / Math.max(1, inSeason[i]?.length ?? 0));
    const planned = share === undefined ? 0 : share.last - share.first;
    return { name, counts, shares, direction: directionOf(seasons.length < 2 ? 0 : planned) };
  });
  const rise = ({ shares }: DrawnTrend<Name>) => (shares.at(-1) ?? 0) - (shares[0] ?? 0);
  return rows.sort((one, other) => rise(other) - rise(one));
}

function directionOf(change: number): Direction {
  if (Math.abs(change) < 1e-9) return 'unchanged';
  return change > 0 ? 'rising' : 'falling';
}
