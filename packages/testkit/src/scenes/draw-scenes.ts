import { type CocoDataset, seedOf } from '@deepstyle/vision';
import type { GarmentColor } from '../drawing/cloth.ts';
import { DRAWN_BRANDS } from '../drawing/draw-seasons.ts';
import type { GarmentCategory } from '../drawing/garment-shapes.ts';
import { copiesAmong, spoiledAmong } from '../drawing/spoiled-files.ts';
import { type DrawnSceneImage, drawScene } from './draw-scene.ts';
import { mapConcurrently } from './map-concurrently.ts';
import { type PlannedScene, planScenes } from './scene-plan.ts';
import { type SceneTrend, sceneTrends } from './scene-trends.ts';
import { cocoOfScenes } from './scenes-coco.ts';

export interface ScenesOptions {
  readonly seed: number;
  /** Oldest first; three by default. */
  readonly seasons?: readonly string[];
  /** Different scenes of each season; 120 by default, which show about 260 garments. */
  readonly perSeason?: number;
  readonly brands?: readonly string[];
  /** `planned`: some categories and colours rise, some fall (the default). `even`: all alike, to train and test on. */
  readonly shares?: 'planned' | 'even';
  /** Exact copies under another name, in all. */
  readonly duplicates?: number;
  /** Files that look like photographs by name and are none, in all. */
  readonly notPhotos?: number;
  /** Size of each, px: 192 x 256 by default, and at least. */
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** Told after each scene, with how many there will be. */
  readonly onScene?: (done: number, scenes: number) => void;
}

/** One file of the set. */
export interface DrawnScene {
  /** Unique in the set, fit for a file name and a URL. */
  readonly id: string;
  /** `<season>/<id>.jpg`, as `writeScenes` lays it out and the truth names it. */
  readonly file: string;
  readonly season: string;
  readonly brand: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  /** `photo`: to be kept; `duplicate`: the bytes of `duplicateOf`; `not-photo`: to be rejected. */
  readonly kind: 'photo' | 'duplicate' | 'not-photo';
  /** Id of the photo with the same bytes. */
  readonly duplicateOf?: string;
  /** What a `not-photo` really is. */
  readonly really?: string;
  /** What it shows; of a `not-photo` what it would have shown. */
  readonly scene: Omit<DrawnSceneImage, 'jpeg'>;
}

export interface ScenesTruth {
  readonly seasons: readonly string[];
  readonly brands: readonly string[];
  /** Different scenes in all and of each season. */
  readonly photos: number;
  readonly photosPerSeason: Readonly<Record<string, number>>;
  /** Garments in all and of each season. */
  readonly garments: number;
  readonly garmentsPerSeason: Readonly<Record<string, number>>;
  readonly duplicates: number;
  readonly notPhotos: number;
  /** Strongest rise first; counts and shares over the garments of the different scenes. */
  readonly categories: readonly SceneTrend<GarmentCategory>[];
  readonly colors: readonly SceneTrend<GarmentColor>[];
  /** Every garment of every scene, boxes tight to what can be seen; copies and files that are no photograph left out. */
  readonly coco: CocoDataset;
}

export interface DrawnScenes {
  /** All files: scenes, duplicates and files that are none. */
  readonly photos: readonly DrawnScene[];
  readonly truth: ScenesTruth;
}

const DEFAULT_SEASONS = ['SS2025', 'FW2025', 'SS2026'] as const;
/** Rendering runs beside this thread, which adds light and noise. */
const AT_ONCE = 4;

/**
 * Draw runway scenes of some seasons, in which some categories and colours rise and some fall by known amounts. Deterministic:
 * the same options give the same bytes.
 */
export async function drawScenes(options: ScenesOptions): Promise<DrawnScenes> {
  const { seed, perSeason = 120, duplicates = 0, notPhotos = 0, shares = 'planned' } = options;
  const seasons = options.seasons ?? DEFAULT_SEASONS;
  const brands = options.brands ?? DRAWN_BRANDS;
  const plan = seasons.flatMap((season, i) => {
    const at = i / Math.max(1, seasons.length - 1);
    return planScenes({ season, at, scenes: perSeason, brands, seed, shares });
  });
  let done = 0;
  const scenes = await mapConcurrently(plan, AT_ONCE, async (planned, i) => {
    const scene = await drawPlanned(planned, i, options);
    done += 1;
    options.onScene?.(done, plan.length);
    return scene;
  });
  const copies = copiesAmong(scenes, duplicates, fileOf);
  const others = spoiledAmong(scenes, notPhotos, fileOf);
  const garmentsOf = (list: readonly DrawnScene[]) =>
    list.reduce((sum, { scene }) => sum + scene.garments.length, 0);
  const perSeasonOf = (count: (list: readonly DrawnScene[]) => number) =>
    Object.fromEntries(
      seasons.map((season) => [season, count(scenes.filter((one) => one.season === season))]),
    );
  return {
    photos: [...scenes, ...copies, ...others],
    truth: {
      ...{ seasons, brands, photos: scenes.length, garments: garmentsOf(scenes) },
      photosPerSeason: perSeasonOf((list) => list.length),
      garmentsPerSeason: perSeasonOf(garmentsOf),
      duplicates: copies.length,
      notPhotos: others.length,
      ...sceneTrends(scenes, seasons),
      coco: cocoOfScenes(scenes),
    },
  };
}

async function drawPlanned(
  { season, brand, figures }: PlannedScene,
  index: number,
  { seed, widthPx, heightPx }: ScenesOptions,
): Promise<DrawnScene> {
  const { jpeg, ...scene } = await drawScene({
    seed: seedOf(seed, season, index),
    figures,
    ...(widthPx === undefined ? {} : { widthPx }),
    ...(heightPx === undefined ? {} : { heightPx }),
  });
  const id = `${season}-look-${String(index + 1).padStart(4, '0')}`.toLowerCase();
  return {
    ...{ id, season, brand, bytes: jpeg, kind: 'photo', scene },
    file: fileOf({ season }, id),
    title: `${brand} ${season}: look ${index + 1}`,
  };
}

function fileOf({ season }: { readonly season: string }, id: string): string {
  return `${season}/${id}.jpg`;
}
