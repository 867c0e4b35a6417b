import { type OkLab, oklabDistance, oklabOfHex } from './oklab.ts';

/**
 * The words of a clothing rail for colors, each with one or more typical sRGB colors. A color takes the name of the
 * nearest one in OKLab.
 */
export const TYPICAL_COLORS = {
  black: ['#0d0d0f', '#1f1f22', '#2b2a2a'],
  charcoal: ['#3b3c40', '#4a4b4f'],
  grey: ['#6e6f72', '#8a8a8c', '#a3a3a4'],
  silver: ['#bdbec0', '#cfcfd1'],
  white: ['#ffffff', '#f4f4f3', '#e6e6e6'],
  cream: ['#f5ecd7', '#efe3c4'],
  beige: ['#d8c3a0', '#cbb79a', '#bfa98c'],
  camel: ['#b98b52', '#a97c48'],
  brown: ['#5c3a21', '#6f4a2f', '#7d5a3f', '#44301f'],
  burgundy: ['#6b1528', '#58101f', '#7d2334'],
  red: ['#c81d25', '#e0312f', '#a81820', '#b8384e'],
  coral: ['#f0705c', '#ee8a75'],
  orange: ['#ef7d1a', '#f79433', '#d9641e'],
  mustard: ['#c9971c', '#b98a25'],
  yellow: ['#f4d12b', '#f7e05e', '#e8c51f'],
  olive: ['#6b6b2d', '#55572a', '#7f7f48'],
  green: ['#2f8f3e', '#1f6b33', '#57a95b', '#1b4a2a'],
  mint: ['#a9dcc0', '#bfe6d2'],
  teal: ['#14807f', '#0f6066', '#3f9c9a'],
  turquoise: ['#3fc4c7', '#66d3d2'],
  'light blue': ['#a8cbe8', '#8db9de', '#c3dcef'],
  blue: ['#2660c4', '#3b7bd6', '#1f4aa8', '#4f7fb5', '#4a93bf'],
  denim: ['#4a6484', '#5d7897', '#3a506e'],
  navy: ['#16213f', '#1f2d55', '#121a33'],
  purple: ['#6a329f', '#7d4bb3', '#4d2273'],
  lilac: ['#bfa3dc', '#cdb6e4'],
  pink: ['#f2a6c0', '#f5bfd0', '#e989ac'],
  magenta: ['#cc2b84', '#dd4a9a', '#b51f72'],
} as const;

export type ColorName = keyof typeof TYPICAL_COLORS;

const COLOR_NAMES = Object.keys(TYPICAL_COLORS) as readonly ColorName[];

const TABLE = COLOR_NAMES.flatMap((name) =>
  TYPICAL_COLORS[name].map((hex) => ({ name, lab: oklabOfHex(hex) })),
);

/** The nearest basic color word. */
export function colorNameOf(lab: OkLab): ColorName {
  let best: ColorName = 'black';
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const row of TABLE) {
    const distance = oklabDistance(row.lab, lab);
    if (distance < bestDistance) {
      best = row.name;
      bestDistance = distance;
    }
  }
  return best;
}
