import { type OkLab, oklabDistance, oklabOfRgb, rgbOfOklab } from '../oklab.ts';

/** sRGB bytes. */
export type Rgb = readonly [number, number, number];

export const BLACK: Rgb = [0, 0, 0];

/** The golden angle: however many there are, no two of them that follow each other are alike. */
const TURN_DEG = 137.508;
const FIRST_DEG = 25;
/** Light enough for black letters; neighbors on the circle of hues differ in lightness. */
const LIGHTNESSES = [0.72, 0.82, 0.67];
const MAX_CHROMA = 0.2;
const CHROMA_STEP = 0.01;
/** Less than the eye tells apart. */
const UNSEEN = 0.01;

/** The color of a category by its place in the list: bright, and the same in every picture. */
export function categoryColor(place: number): Rgb {
  const hue = ((FIRST_DEG + place * TURN_DEG) / 180) * Math.PI;
  const l = LIGHTNESSES[place % LIGHTNESSES.length] as number;
  for (let chroma = MAX_CHROMA; chroma > 0; chroma -= CHROMA_STEP) {
    const wanted: OkLab = { l, a: chroma * Math.cos(hue), b: chroma * Math.sin(hue) };
    const shown = rgbOfOklab(wanted);
    // The most colorful that a screen can show.
    if (oklabDistance(wanted, oklabOfRgb(...shown)) < UNSEEN) return shown;
  }
  return rgbOfOklab({ l, a: 0, b: 0 });
}
