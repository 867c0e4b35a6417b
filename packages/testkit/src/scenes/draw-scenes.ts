import type { CocoDataset } from '@deepstyle/vision';
import type { GarmentColor } from '../drawing/cloth.ts';
import { DRAWN_BRANDS } from '../drawing/draw-seasons.ts';
import type { GarmentCategory } from '../drawing/garment-shapes.ts';
import { copiesAmong, spoiledAmong } from '../drawing/spoiled-files.ts';
import { type DrawnScene, type DrawnSceneOptions, drawPlanned, sceneFile } from './drawn-scene.ts';
import { mapConcurrently } from './map-concurrently.ts';
import { planScenes } from './scene-plan.ts';
import { type SceneTrend, sceneTrends } from './scene-trends.ts';
import { cocoOfScenes } from './scenes-coco.ts';

export interface ScenesOptions extends DrawnSceneOptions {
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
  /** Told after each scene, with how many there will be. */
  readonly onScene?: (done: number, scenes: number) => void;
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
  const copies = copiesAmong(scenes, duplicates, sceneFile);
  const others = spoiledAmong(scenes, notPhotos, sceneFile);
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
