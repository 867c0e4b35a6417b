import { createRandom, seedOf, shuffled } from '@deepstyle/vision';
import { GARMENT_PATTERNS, type GarmentColor, type GarmentPattern } from './cloth.ts';
import type { GarmentCategory } from './garment-shapes.ts';

export type Direction = 'rising' | 'falling' | 'unchanged';

/** Shares in the first and in the last season; those between lie on the straight line. */
interface PlannedShare {
  readonly first: number;
  readonly last: number;
}

/** Each column sums to 1. */
const PLANNED_CATEGORIES: Record<GarmentCategory, PlannedShare> = {
  coat: { first: 0.05, last: 0.22 },
  trousers: { first: 0.12, last: 0.19 },
  dress: { first: 0.22, last: 0.08 },
  shorts: { first: 0.17, last: 0.07 },
  jacket: { first: 0.12, last: 0.12 },
  shirt: { first: 0.12, last: 0.12 },
  skirt: { first: 0.1, last: 0.1 },
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
  const categories = deal('categories', apportioned(PLANNED_CATEGORIES, at, count));
  const colors = deal('colors', apportioned(PLANNED_COLORS, at, count));
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

function rounds<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => items[i % items.length] as T);
}

function shareAt({ first, last }: PlannedShare, at: number): number {
  return first + (last - first) * at;
}

/**
 * Names repeated to `count` in all, as near to the shares as whole numbers can be. What is left after rounding down goes
 * first to names whose share moves, so that those that stay keep their count through all seasons.
 */
function apportioned<Name extends string>(
  plan: Partial<Record<Name, PlannedShare>>,
  at: number,
  count: number,
): Name[] {
  const rows = Object.entries<PlannedShare | undefined>(plan).map(([name, share]) => {
    const exact = share === undefined ? 0 : shareAt(share, at) * count;
    const whole = Math.floor(exact + 1e-9);
    const claim = exact - whole + (share !== undefined && share.first !== share.last ? 1 : 0);
    return { name: name as Name, whole, claim };
  });
  const missing = count - rows.reduce((sum, { whole }) => sum + whole, 0);
  const byClaim = [...rows].sort((one, other) => other.claim - one.claim);
  for (const row of byClaim.slice(0, missing)) row.whole++;
  return rows.flatMap(({ name, whole }) => Array.from({ length: whole }, () => name));
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
