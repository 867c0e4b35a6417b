import { seedOf } from '@deepstyle/vision';
import { type DrawnSceneImage, drawScene } from './draw-scene.ts';
import type { PlannedScene } from './scene-plan.ts';

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

export interface DrawnSceneOptions {
  readonly seed: number;
  /** Size, px: 192 x 256 by default, and at least. */
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/** Draws the file of one planned scene. `index`: its place in the set. */
export async function drawPlanned(
  { season, brand, figures }: PlannedScene,
  index: number,
  { seed, widthPx, heightPx }: DrawnSceneOptions,
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
    file: sceneFile({ season }, id),
    title: `${brand} ${season}: look ${index + 1}`,
  };
}

/** Where a file of the set lies under an id. */
export function sceneFile({ season }: { readonly season: string }, id: string): string {
  return `${season}/${id}.jpg`;
}
