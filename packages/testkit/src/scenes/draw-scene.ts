import { type CocoBox, createRandom, encodeRgb, seedOf } from '@deepstyle/vision';
import sharp from 'sharp';
import { GARMENT_COLORS } from '../drawing/cloth.ts';
import { GARMENT_TYPES, type GarmentType } from '../drawing/garment-shapes.ts';
import { photographed } from '../drawing/photographed.ts';
import type { Clutter } from './clutter.ts';
import { visibleParts } from './scene-boxes.ts';
import type { PlannedGarment } from './scene-plan.ts';
import { between, chance } from './scene-random.ts';
import { type SceneDrawing, sceneSvg } from './scene-svg.ts';

export interface SceneGarment extends PlannedGarment {
  readonly type: GarmentType;
  /** The colour as drawn, before light and noise, `#rrggbb`. */
  readonly hex: string;
  /** Index of the figure that wears it; the last one stands in front. */
  readonly figure: number;
  /** Tight to what can be seen of it: [left, top, width, height], whole px. */
  readonly box: CocoBox;
  /** Pixels that show it. */
  readonly pixels: number;
}

export interface DrawnSceneImage {
  /** The scene under uneven light, with blur and noise. The same drawing gives the same bytes. */
  readonly jpeg: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly garments: readonly SceneGarment[];
  readonly clutter: readonly Clutter[];
}

/** Draw one runway scene, photograph it, and find what can be seen of each garment. */
export async function drawScene(drawing: SceneDrawing): Promise<DrawnSceneImage> {
  const { look, mask, width, height, garments, clutter } = sceneSvg(drawing);
  const random = createRandom(seedOf(drawing.seed, 'camera'));
  const [seen, flat] = await Promise.all([
    rgbOf(look, chance(random, 0.3) ? between(random, 0.4, 0.7) : undefined),
    rgbOf(mask),
  ]);
  const visible = visibleParts(flat, width, garments.length);
  const data = photographed(seen, width, seedOf(drawing.seed, 'light'));
  const quality = Math.round(between(random, 72, 92));
  return {
    jpeg: await encodeRgb({ width, height, data }, { format: 'jpeg', quality }),
    widthPx: width,
    heightPx: height,
    clutter,
    garments: garments.flatMap((garment, i) => {
      const part = visible[i];
      if (part === undefined) return [];
      const { category, color } = garment;
      return [{ ...garment, ...part, type: GARMENT_TYPES[category], hex: GARMENT_COLORS[color] }];
    }),
  };
}

async function rgbOf(svg: string, blur?: number): Promise<Uint8Array> {
  const image = sharp(Buffer.from(svg)).flatten({ background: '#000' });
  return (blur === undefined ? image : image.blur(blur)).raw().toBuffer();
}
