import { createRandom, encodeRgb, seedOf } from '@deepstyle/vision';
import sharp from 'sharp';
import { type Backdrop, drawBackdrop } from './backdrop.ts';
import { clothOf, GARMENT_COLORS, type GarmentColor, type GarmentPattern } from './cloth.ts';
import {
  GARMENT_TYPES,
  type GarmentCategory,
  type GarmentType,
  garmentShape,
} from './garment-shapes.ts';
import { photographed } from './photographed.ts';

export interface GarmentDrawing {
  readonly seed: number;
  readonly category: GarmentCategory;
  readonly color: GarmentColor;
  readonly pattern: GarmentPattern;
  /** Size of the photograph, px; 192 x 256 by default. */
  readonly widthPx?: number;
  readonly heightPx?: number;
}

export interface GarmentTruth {
  readonly category: GarmentCategory;
  readonly type: GarmentType;
  readonly color: GarmentColor;
  /** The colour as drawn, before light and noise, `#rrggbb`. */
  readonly hex: string;
  readonly pattern: GarmentPattern;
  readonly backdrop: Backdrop;
}

export interface DrawnGarment {
  readonly svg: string;
  /** The photograph: the drawing under uneven light and sensor noise. The same drawing gives the same bytes. */
  readonly jpeg: Uint8Array;
  readonly truth: GarmentTruth;
}

const SHAPE_WIDTH = 100;

/** One garment before a backdrop, as SVG. */
export function garmentSvg(drawing: GarmentDrawing): {
  readonly svg: string;
  readonly truth: GarmentTruth;
} {
  const { seed, category, color, pattern, widthPx = 192, heightPx = 256 } = drawing;
  const random = createRandom(seedOf(seed, category, color, pattern));
  const hex = GARMENT_COLORS[color];
  const backdrop = drawBackdrop(widthPx, heightPx, hex, random);
  const shape = garmentShape(category, random);
  const cloth = clothOf(color, pattern, random);
  // A short garment is photographed from nearer by, as far as its width allows.
  const fit = Math.min(widthPx / SHAPE_WIDTH, heightPx / Math.max(95, shape.bottom - shape.top));
  const scale = fit * (0.84 + 0.08 * random());
  const left = widthPx / 2 + (random() - 0.5) * 0.04 * widthPx;
  const top = heightPx / 2 + (random() - 0.5) * 0.03 * heightPx;
  const turn = (random() - 0.5) * 8;
  const place =
    `translate(${left.toFixed(2)} ${top.toFixed(2)}) rotate(${turn.toFixed(2)}) ` +
    `scale(${scale.toFixed(4)}) translate(-50 ${(-(shape.top + shape.bottom) / 2).toFixed(2)})`;
  const lines = shape.lines.map((d) => `<path d="${d}"/>`).join('');
  const details = shape.details.map((d) => `<path d="${d}"/>`).join('');
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">` +
    `<defs>${cloth.definition}</defs>${backdrop.svg}` +
    `<g transform="${place}"><path d="${shape.outline}" transform="translate(1.4 1.8)" fill="#000" opacity="0.18"/>` +
    `<path d="${shape.outline}" fill="${cloth.fill}" stroke="${cloth.seam}" stroke-width="0.8"/>` +
    `<g fill="none" stroke="${cloth.seam}" stroke-width="0.9">${lines}</g><g fill="${cloth.seam}">${details}</g></g></svg>`;
  const type = GARMENT_TYPES[category];
  return { svg, truth: { category, type, color, hex, pattern, backdrop: backdrop.kind } };
}

/** Draw one garment and photograph it. */
export async function drawGarment(drawing: GarmentDrawing): Promise<DrawnGarment> {
  const { svg, truth } = garmentSvg(drawing);
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const lit = photographed(data, info.width, seedOf(drawing.seed, 'light', drawing.category));
  const image = { width: info.width, height: info.height, data: lit };
  return { svg, jpeg: await encodeRgb(image, { format: 'jpeg', quality: 88 }), truth };
}
