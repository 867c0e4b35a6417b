import type { CategoryType } from '@deepstyle/contracts';
import type { PaletteColor } from './season-palette.ts';
import { type ClusteredShare, clusteredShare, type Sample } from './statistics/clustered-share.ts';
import { type Comparison, type Momentum, momentumOf } from './statistics/momentum.ts';
import { type Interval, wilsonInterval } from './statistics/wilson-interval.ts';

/** What a garment adds to the statistics. */
export interface GarmentFacts {
  readonly photoId: string;
  readonly category: string;
  readonly categoryType: CategoryType;
  /** Its share of each color of the palette, in [0, 1]; null where its colors are not known. */
  readonly colorShares: readonly number[] | null;
}

/** A category or color and its share of a season. */
export interface TrendShare {
  readonly name: string;
  readonly type: CategoryType | null;
  readonly hex: string | null;
  readonly count: number;
  readonly share: number;
  readonly interval: Interval;
  readonly momentum: Momentum | null;
}

/** The statistics of a trend batch. */
export interface Trends {
  readonly photoCount: number;
  readonly garmentCount: number;
  readonly previousSeason: string | null;
  readonly momentumReason: string | null;
  readonly categories: readonly TrendShare[];
  readonly palette: readonly TrendShare[];
}

export interface TrendsInput {
  readonly season: string;
  readonly now: readonly GarmentFacts[];
  readonly before: { readonly season: string; readonly garments: readonly GarmentFacts[] } | null;
  readonly colors: readonly PaletteColor[];
  /** Fewer garments in either season: no momentum. */
  readonly minGarments: number;
}

/** Fewer photographs do not tell how much photographs differ by chance. */
const MIN_PHOTOS = 10;

/** Shares of categories and colors with 95 % intervals, and their momentum where the data allow one. */
export function trendsOf(input: TrendsInput): Trends {
  const { now, before, colors } = input;
  const season = seasonSample(now);
  const earlier = seasonSample(before?.garments ?? []);
  const momentumReason = reasonWithoutMomentum(input, season, earlier);
  const types = categoryTypes([...now, ...(before?.garments ?? [])]);
  const rows = [
    ...Array.from(types, ([name, type]) => ({
      kind: 'category' as const,
      name,
      type,
      hex: null,
      now: categoryShare(season, name),
      before: categoryShare(earlier, name),
    })),
    ...colors.map(({ name, hex }, index) => ({
      kind: 'color' as const,
      name,
      type: null,
      hex,
      now: colorShare(season, index),
      before: colorShare(earlier, index),
    })),
  ];
  const comparable = momentumReason === null ? rows.filter(isComparable) : [];
  const momenta = new Map(
    momentumOf(comparable).map((momentum, index) => [comparable[index], momentum]),
  );
  const shares = rows.map((row) => ({
    kind: row.kind,
    share: trendShare(row, momenta.get(row) ?? null),
  }));
  return {
    photoCount: season.all.photos,
    garmentCount: now.length,
    previousSeason: before?.season ?? null,
    momentumReason,
    categories: largestFirst(shares, 'category'),
    palette: largestFirst(shares, 'color'),
  };
}

interface SeasonSample {
  readonly garments: readonly GarmentFacts[];
  readonly all: Sample;
  /** Those whose colors are known. */
  readonly colored: readonly GarmentFacts[];
  readonly coloredSample: Sample;
}

function seasonSample(garments: readonly GarmentFacts[]): SeasonSample {
  const colored = garments.filter(({ colorShares }) => colorShares !== null);
  return { garments, all: sampleOf(garments), colored, coloredSample: sampleOf(colored) };
}

function sampleOf(garments: readonly GarmentFacts[]): Sample {
  const indices = new Map<string, number>();
  const photoOf = Int32Array.from(garments, ({ photoId }) => {
    const index = indices.get(photoId) ?? indices.size;
    indices.set(photoId, index);
    return index;
  });
  return { photoOf, photos: indices.size };
}

function categoryTypes(garments: readonly GarmentFacts[]): Map<string, CategoryType> {
  return new Map(garments.map(({ category, categoryType }) => [category, categoryType]));
}

function categoryShare({ garments, all }: SeasonSample, name: string): ClusteredShare {
  return clusteredShare(
    Float64Array.from(garments, ({ category }) => (category === name ? 1 : 0)),
    all,
  );
}

function colorShare({ colored, coloredSample }: SeasonSample, index: number): ClusteredShare {
  return clusteredShare(
    Float64Array.from(colored, ({ colorShares }) => colorShares?.[index] ?? 0),
    coloredSample,
  );
}

/** Colors may be known of fewer garments than categories. */
function isComparable({ now, before }: Comparison): boolean {
  return Math.min(now.photos, before.photos) >= MIN_PHOTOS;
}

function trendShare(
  row: Pick<TrendShare, 'name' | 'type' | 'hex'> & { readonly now: ClusteredShare },
  momentum: Momentum | null,
): TrendShare {
  const { name, type, hex, now } = row;
  return {
    name,
    type,
    hex,
    count: now.total,
    share: now.share,
    interval: wilsonInterval(now.share, now.effectiveGarments),
    momentum,
  };
}

function largestFirst(
  shares: readonly { readonly kind: Comparison['kind']; readonly share: TrendShare }[],
  kind: Comparison['kind'],
): TrendShare[] {
  return shares
    .filter((one) => one.kind === kind)
    .map(({ share }) => share)
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}

function reasonWithoutMomentum(
  { season, before, minGarments }: TrendsInput,
  now: SeasonSample,
  earlier: SeasonSample,
): string | null {
  if (before === null) return 'no earlier season';
  for (const [name, sample] of [
    [season, now],
    [before.season, earlier],
  ] as const) {
    const { length } = sample.garments;
    if (length < minGarments) {
      return `too few garments: ${length} in ${name}, at least ${minGarments} are needed`;
    }
    if (sample.all.photos < MIN_PHOTOS) {
      return `too few photographs: ${sample.all.photos} in ${name}, at least ${MIN_PHOTOS} are needed`;
    }
  }
  return null;
}
