import { oklabOfHex, type Random } from '@deepstyle/vision';
import { clothOf, GARMENT_COLORS } from '../drawing/cloth.ts';
import {
  type GarmentCategory,
  type GarmentShape,
  garmentShape,
} from '../drawing/garment-shapes.ts';
import { type Layer, n } from './layer.ts';
import type { PlannedGarment } from './scene-plan.ts';
import { between } from './scene-random.ts';

/**
 * How a shape (100 x 130 units, laid flat) sits on a figure: scaled, its top at `top`. A figure is about 200 units tall with
 * x = 0 in its middle, shoulders at y = 8, the waist at 50, feet at 172.
 */
interface Fit {
  readonly across: readonly [number, number];
  readonly along: readonly [number, number];
  readonly top: number;
}

const FITS: Record<GarmentCategory, Fit> = {
  dress: { across: [0.84, 0.96], along: [0.85, 1.12], top: 6 },
  coat: { across: [0.84, 0.92], along: [0.98, 1.14], top: 5 },
  jacket: { across: [0.84, 0.92], along: [0.86, 0.94], top: 5 },
  shirt: { across: [0.82, 0.9], along: [0.74, 0.82], top: 6 },
  't-shirt': { across: [0.76, 0.86], along: [0.72, 0.8], top: 6 },
  skirt: { across: [0.78, 0.88], along: [0.78, 1], top: 47 },
  trousers: { across: [0.82, 0.9], along: [0.95, 1.02], top: 47 },
  shorts: { across: [0.78, 0.86], along: [0.8, 0.92], top: 47 },
};

/** A garment on a figure. */
export interface WornGarment {
  readonly layer: Layer;
  /** The middle of the right cuff, in the figure's units; none without long sleeves. */
  readonly cuff: { readonly x: number; readonly y: number } | undefined;
}

/** @param id of the garment in the scene, 1..255: its colour in the mask is `#0000id` */
export function wearGarment(garment: PlannedGarment, id: number, random: Random): WornGarment {
  const { category, color, pattern } = garment;
  const shape = garmentShape(category, random);
  const fit = FITS[category];
  const across = between(random, ...fit.across);
  const along = between(random, ...fit.along);
  const cloth = clothOf(color, pattern, random, `cloth${id}`);
  const place = `matrix(${n(across)} 0 0 ${n(along)} ${n(-50 * across)} ${n(fit.top - shape.top * along)})`;
  return {
    layer: {
      look: `<g transform="${place}">${lookOf(shape, cloth.fill, cloth.seam, darkOf(garment))}${openingOf(garment, shape)}</g>`,
      mask: `<g transform="${place}">${flatOf(shape, maskColor(id))}</g>`,
      definitions: cloth.definition,
    },
    cuff:
      shape.cuff === undefined
        ? undefined
        : { x: shape.cuff.x * across, y: fit.top + (shape.cuff.y - shape.top) * along },
  };
}

/** The flat colour of a garment in the mask. */
function maskColor(id: number): string {
  return `#0000${id.toString(16).padStart(2, '0')}`;
}

const EDGE = 1;

function lookOf(shape: GarmentShape, fill: string, seam: string, edge: string): string {
  const lines = shape.lines.map((d) => `<path d="${d}"/>`).join('');
  const details = shape.details.map((d) => `<path d="${d}"/>`).join('');
  return (
    `<path d="${shape.outline}" fill="${fill}" stroke="${edge}" stroke-width="${EDGE}"/>` +
    `<g fill="none" stroke="${seam}" stroke-width="1.2">${lines}</g><g fill="${seam}">${details}</g>`
  );
}

function flatOf({ outline }: GarmentShape, color: string): string {
  return `<path d="${outline}" fill="${color}" stroke="${color}" stroke-width="${EDGE}"/>`;
}

/** A jacket is worn open, over something plain: what tells it from a shirt at a distance. */
function openingOf({ category, color }: PlannedGarment, { top, bottom }: GarmentShape): string {
  if (category !== 'jacket') return '';
  const under = oklabOfHex(GARMENT_COLORS[color]).l > 0.55 ? '#2a2a30' : '#ece7dd';
  return `<path d="M44 ${top + 1} L50 ${top + 4} L56 ${top + 1} L57 ${n(bottom)} L43 ${n(bottom)} Z" fill="${under}"/>`;
}

/** The garment's own colour, darker: its edge against what lies behind, of whatever colour. */
function darkOf({ color }: PlannedGarment): string {
  const hex = Number.parseInt(GARMENT_COLORS[color].slice(1), 16);
  const channels = [hex >> 16, (hex >> 8) & 255, hex & 255];
  return `rgb(${channels.map((value) => Math.round(value * 0.62)).join(',')})`;
}
