import { seedOf } from '@deepstyle/vision';
import type { GarmentColor } from './cloth.ts';
import { drawGarment } from './draw-garment.ts';
import type { GarmentCategory } from './garment-shapes.ts';
import { type DrawnTrend, drawnTrends, type PlannedPhoto, planSeason } from './season-plan.ts';
import { copiesAmong, spoiledAmong } from './spoiled-files.ts';

export interface SeasonsOptions {
  readonly seed: number;
  /** Oldest first. */
  readonly seasons?: readonly string[];
  /** Different photographs of each season. */
  readonly perSeason?: number;
  readonly brands?: readonly string[];
  /** Exact copies under another name, in all. */
  readonly duplicates?: number;
  /** Files that look like photographs by name and are none, in all. */
  readonly notPhotos?: number;
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/** One file of the set. */
export interface DrawnPhoto extends PlannedPhoto {
  /** Unique in the set, fit for a file name and a URL. */
  readonly id: string;
  /** `<season>/<category>/<id>.jpg`, as `writeFolder` lays it out. */
  readonly file: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  /** `photo`: to be kept; `duplicate`: the bytes of `duplicateOf`; `not-photo`: to be rejected. */
  readonly kind: 'photo' | 'duplicate' | 'not-photo';
  /** Id of the photo with the same bytes. */
  readonly duplicateOf?: string;
  /** What a `not-photo` really is. */
  readonly really?: string;
}

export interface SeasonsTruth {
  readonly seasons: readonly string[];
  readonly brands: readonly string[];
  /** Different photographs in all and of each season. */
  readonly photos: number;
  readonly photosPerSeason: Readonly<Record<string, number>>;
  /** Files that are exact copies, and files that are no photograph. */
  readonly duplicates: number;
  readonly notPhotos: number;
  /** Strongest rise first; counts and shares over the different photographs. */
  readonly categories: readonly DrawnTrend<GarmentCategory>[];
  readonly colors: readonly DrawnTrend<GarmentColor>[];
}

export interface DrawnSeasons {
  /** All files: photographs, duplicates and files that are none. */
  readonly photos: readonly DrawnPhoto[];
  readonly truth: SeasonsTruth;
}

/** Invented names: no real house stands behind them. */
export const DRAWN_BRANDS = ['Aurelle', 'Nordholm', 'Vastra'] as const;

/**
 * Draw the garments of some seasons, in which some categories and colours rise and some fall by known amounts. Deterministic:
 * the same options give the same bytes.
 */
export async function drawSeasons(options: SeasonsOptions): Promise<DrawnSeasons> {
  const { seed, perSeason = 120, duplicates = 3, notPhotos = 4 } = options;
  const seasons = options.seasons ?? ['SS2026', 'FW2026'];
  const brands = options.brands ?? DRAWN_BRANDS;
  const plan = seasons.flatMap((season, i) =>
    planSeason(season, i / Math.max(1, seasons.length - 1), perSeason, brands, seed),
  );
  const photos: DrawnPhoto[] = [];
  for (const [i, planned] of plan.entries()) {
    photos.push(await drawPhoto(planned, i, options));
  }
  const copies = copiesAmong(photos, duplicates, fileOf);
  const others = spoiledAmong(photos, notPhotos, fileOf);
  const counts = seasons.map((season) => [season, perSeason] as const);
  return {
    photos: [...photos, ...copies, ...others],
    truth: {
      seasons,
      brands,
      photos: photos.length,
      photosPerSeason: Object.fromEntries(counts),
      duplicates: copies.length,
      notPhotos: others.length,
      ...drawnTrends(photos, seasons),
    },
  };
}

async function drawPhoto(
  planned: PlannedPhoto,
  index: number,
  options: SeasonsOptions,
): Promise<DrawnPhoto> {
  const { seed, widthPx, heightPx } = options;
  const { category, color, pattern, season, brand } = planned;
  const size = {
    ...(widthPx === undefined ? {} : { widthPx }),
    ...(heightPx === undefined ? {} : { heightPx }),
  };
  const { jpeg } = await drawGarment({
    seed: seedOf(seed, season, index),
    category,
    color,
    pattern,
    ...size,
  });
  const id = `${season}-${String(index + 1).padStart(4, '0')}`.toLowerCase();
  return {
    ...planned,
    id,
    file: fileOf(planned, id),
    title: `${brand} ${season}: ${color} ${pattern} ${category}`,
    bytes: jpeg,
    kind: 'photo',
  };
}

function fileOf({ season, category }: PlannedPhoto, id: string): string {
  return `${season}/${category}/${id}.jpg`;
}
