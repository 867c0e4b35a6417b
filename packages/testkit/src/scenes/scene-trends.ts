import type { GarmentColor } from '../drawing/cloth.ts';
import type { GarmentCategory } from '../drawing/garment-shapes.ts';
import type { Direction, DrawnTrend } from '../drawing/season-plan.ts';
import type { DrawnScene } from './drawn-scene.ts';
import type { PlannedGarment } from './scene-plan.ts';

/** What was drawn of one category or colour over the seasons: garments, and parts of each season's garments. */
export interface SceneTrend<Name extends string> extends DrawnTrend<Name> {
  /** From each season to the next: `unchanged` means the very same count. */
  readonly steps: readonly Direction[];
}

/** Strongest rise first. */
export function sceneTrends(
  scenes: readonly DrawnScene[],
  seasons: readonly string[],
): {
  readonly categories: readonly SceneTrend<GarmentCategory>[];
  readonly colors: readonly SceneTrend<GarmentColor>[];
} {
  const garments = seasons.map((season) =>
    scenes.filter((one) => one.season === season).flatMap(({ scene }) => scene.garments),
  );
  return {
    categories: trendsOf(garments, ({ category }) => category),
    colors: trendsOf(garments, ({ color }) => color),
  };
}

function trendsOf<Name extends string>(
  seasons: readonly (readonly PlannedGarment[])[],
  nameOf: (garment: PlannedGarment) => Name,
): SceneTrend<Name>[] {
  const names = [...new Set(seasons.flatMap((garments) => garments.map(nameOf)))].sort();
  const rows = names.map((name) => {
    const counts = seasons.map((list) => list.filter((one) => nameOf(one) === name).length);
    const shares = counts.map((count, i) => count / Math.max(1, seasons[i]?.length ?? 0));
    const steps = counts.slice(1).map((count, i) => directionOf(count - (counts[i] ?? 0)));
    const direction = directionOf((counts.at(-1) ?? 0) - (counts[0] ?? 0));
    return { name, counts, shares, direction, steps };
  });
  const rise = ({ shares }: SceneTrend<Name>) => (shares.at(-1) ?? 0) - (shares[0] ?? 0);
  return rows.sort((one, other) => rise(other) - rise(one));
}

function directionOf(change: number): Direction {
  if (change === 0) return 'unchanged';
  return change > 0 ? 'rising' : 'falling';
}
