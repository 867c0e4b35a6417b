import { setImmediate } from 'node:timers/promises';
import type { Transaction } from '@deepstyle/storage';
import type { Ports } from './ports.ts';
import {
  type GarmentCount,
  garmentCounts,
  garmentsOfSeason,
  type SeasonGarment,
  seasonVersions,
} from './records.ts';
import { seasonAfter, seasonBefore } from './season-order.ts';
import { type SeasonPalette, seasonPalette } from './season-palette.ts';
import { type GarmentFacts, type Trends, trendsOf } from './trends.ts';

/** The statistics of a season, and of each of its brands with enough garments. */
export interface SeasonTrends {
  /** Of all garments in the store: while it is the same, so are these statistics. */
  readonly versions: string;
  /** All brands together (null) first, then the brands by name. */
  readonly scopes: readonly { readonly brand: string | null; readonly trends: Trends }[];
  /** Later seasons whose statistics are compared with this one. */
  readonly successors: readonly string[];
}

const PAGE = 2000;

/** Computes the statistics of a season from what is stored now. */
export async function seasonTrends(
  ports: Pick<Ports, 'database' | 'settings'>,
  season: string,
): Promise<SeasonTrends> {
  const { database, settings } = ports;
  const { versions, counts } = await database.transaction('gallery.readSeasons', async (tx) => {
    return { versions: await seasonVersions(tx), counts: await garmentCounts(tx) };
  });
  const brands = brandsWithEnough(counts, season, settings.minGarments);
  const before = new Map<string | null, string | null>(
    [null, ...brands].map((brand) => [brand, seasonBefore(season, seasonsOf(counts, brand))]),
  );
  const samples = new Map<string, readonly SeasonGarment[]>();
  for (const one of new Set([season, ...before.values()].filter((name) => name !== null))) {
    samples.set(one, await allGarments(ports, one));
  }
  const palettes = new Map<string | null, PairedSeasons>();
  for (const previous of new Set(before.values())) {
    palettes.set(previous, pairSeasons(samples, season, previous, settings.paletteColors));
  }
  const scopes: { brand: string | null; trends: Trends }[] = [];
  for (const [brand, previous] of before) {
    scopes.push({
      brand,
      trends: scopeTrends(palettes.get(previous), brand, settings.minGarments),
    });
    // Other work of the process gets its turn between the brands.
    await setImmediate();
  }
  return { versions, scopes, successors: successorsOf(counts, season) };
}

/** Whether statistics with these versions would come out the same now. */
export async function isUnchanged(tx: Transaction, versions: string): Promise<boolean> {
  return (await seasonVersions(tx)) === versions;
}

function brandsWithEnough(
  counts: readonly GarmentCount[],
  season: string,
  minGarments: number,
): string[] {
  return counts
    .filter((row) => row.season === season && row.garments >= minGarments)
    .flatMap(({ brand }) => brand ?? []);
}

function seasonsOf(counts: readonly GarmentCount[], brand: string | null): string[] {
  const rows = brand === null ? counts : counts.filter((row) => row.brand === brand);
  return [...new Set(rows.map(({ season }) => season))];
}

function successorsOf(counts: readonly GarmentCount[], season: string): string[] {
  const brands = counts.filter((row) => row.season === season).map(({ brand }) => brand);
  const successors = [null, ...brands].map((brand) =>
    seasonAfter(season, seasonsOf(counts, brand)),
  );
  return [...new Set(successors.filter((name) => name !== null))];
}

async function allGarments(
  { database }: Pick<Ports, 'database'>,
  season: string,
): Promise<SeasonGarment[]> {
  const garments: SeasonGarment[] = [];
  for (;;) {
    const after = garments.at(-1)?.garmentId ?? '';
    const page = await database.transaction('gallery.readSeasonGarments', (tx) =>
      garmentsOfSeason(tx, season, after, PAGE),
    );
    garments.push(...page);
    if (page.length < PAGE) return garments;
  }
}

/** Two seasons whose garments share one palette. */
interface PairedSeasons {
  readonly palette: SeasonPalette;
  readonly now: readonly BrandedFacts[];
  readonly before: readonly BrandedFacts[];
  readonly season: string;
  readonly previous: string | null;
}

type BrandedFacts = GarmentFacts & { readonly brand: string | null };

function pairSeasons(
  samples: ReadonlyMap<string, readonly SeasonGarment[]>,
  season: string,
  previous: string | null,
  colors: number,
): PairedSeasons {
  const now = samples.get(season) ?? [];
  const before = previous === null ? [] : (samples.get(previous) ?? []);
  const all = [...now, ...before];
  const palette = seasonPalette(
    all.map((garment) => garment.palette.map(([l, a, b, share]) => ({ lab: { l, a, b }, share }))),
    colors,
  );
  const facts = all.map(({ photoId, brand, category, categoryType }, index) => ({
    photoId,
    brand,
    category,
    categoryType,
    colorShares: palette.sharesOf[index] ?? null,
  }));
  return {
    palette,
    season,
    previous,
    now: facts.slice(0, now.length),
    before: facts.slice(now.length),
  };
}

function scopeTrends(
  pair: PairedSeasons | undefined,
  brand: string | null,
  minGarments: number,
): Trends {
  if (pair === undefined) throw new Error('every season before has been paired');
  const { palette, season, previous } = pair;
  const ofBrand = (facts: readonly BrandedFacts[]) =>
    brand === null ? facts : facts.filter((one) => one.brand === brand);
  return trendsOf({
    season,
    now: ofBrand(pair.now),
    before: previous === null ? null : { season: previous, garments: ofBrand(pair.before) },
    colors: palette.colors,
    minGarments,
  });
}
