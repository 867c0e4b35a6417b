import { hexOfOklab, type OkLab, oklabOfHex } from '@deepstyle/vision';

export const GARMENT_PATTERNS = ['plain', 'stripes', 'checks', 'dots'] as const;

export type GarmentPattern = (typeof GARMENT_PATTERNS)[number];

/** The drawn colours: far enough apart in OKLab to be told apart after light, noise and JPEG. */
export const GARMENT_COLORS = {
  black: '#1f1f22',
  white: '#f4f4f3',
  red: '#c81d25',
  blue: '#2660c4',
  navy: '#1f2d55',
  green: '#2f8f3e',
  yellow: '#f4d12b',
  pink: '#f2a6c0',
  brown: '#6f4a2f',
  orange: '#ef7d1a',
} as const;

export type GarmentColor = keyof typeof GARMENT_COLORS;

export const GARMENT_COLOR_NAMES = Object.keys(GARMENT_COLORS) as readonly GarmentColor[];

/** A fill for the garment, with its `<pattern>` definition where it needs one. */
export interface Cloth {
  readonly definition: string;
  readonly fill: string;
  /** Colour of seams and folds, `#rrggbb`. */
  readonly seam: string;
}

/** The same hue, lighter or darker; always visible beside it. */
function companion(lab: OkLab, step: number): string {
  const l = lab.l > 0.6 ? lab.l - step : lab.l + step;
  return hexOfOklab({ l, a: lab.a * 0.9, b: lab.b * 0.9 });
}

/**
 * Cloth of a colour. A pattern's second colour is a lighter or darker tone of the first on less than a third of the
 * cloth, so that the first stays the garment's colour.
 * @param id of the pattern; unique in its drawing
 */
export function clothOf(
  color: GarmentColor,
  pattern: GarmentPattern,
  random: () => number,
  id = 'cloth',
): Cloth {
  const base = GARMENT_COLORS[color];
  const lab = oklabOfHex(base);
  const tone = companion(lab, 0.22);
  const seam = companion(lab, 0.16);
  if (pattern === 'plain') return { definition: '', fill: base, seam };
  const size = Math.round(7 + random() * 6);
  const turn = pattern === 'stripes' && random() < 0.5 ? 90 : 0;
  const ground = `<rect width="${size}" height="${size}" fill="${base}"/>`;
  const band = Math.max(1, Math.round(size * 0.25));
  const marks = {
    stripes: `<rect width="${size}" height="${band}" fill="${tone}"/>`,
    checks:
      `<rect width="${size}" height="${band / 2}" fill="${tone}"/>` +
      `<rect width="${band / 2}" height="${size}" fill="${tone}"/>`,
    dots: `<circle cx="${size / 2}" cy="${size / 2}" r="${size * 0.22}" fill="${tone}"/>`,
  };
  return {
    definition:
      `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" ` +
      `patternTransform="rotate(${turn})">${ground}${marks[pattern]}</pattern>`,
    fill: `url(#${id})`,
    seam,
  };
}
