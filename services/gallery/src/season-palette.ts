import { clusterPalettes, type OkLab, sharesOf } from '@deepstyle/vision';

/** Colors of one garment, shares summing to 1; empty where none could be told. */
export type GarmentPalette = readonly { readonly lab: OkLab; readonly share: number }[];

/** A color of a season's palette. */
export interface PaletteColor {
  /** Unique within the palette, e.g. "dark blue". */
  readonly name: string;
  /** `#rrggbb`. */
  readonly hex: string;
}

export interface SeasonPalette {
  readonly colors: readonly PaletteColor[];
  /** For each garment that was given, in order, its share of each color; null for one without colors. */
  readonly sharesOf: readonly (readonly number[] | null)[];
}

/** Garments that the clusters are found from; more of them move no cluster visibly, and k-means takes seconds. */
const MAX_CLUSTERED = 10_000;

/**
 * The palette of garments of one or two seasons, clustered together in OKLab, so that a color means the same in both.
 * The clustering does not know the seasons; comparing them on its clusters is therefore fair. Of more than 10,000
 * garments it sees every nth; the shares are those of all.
 *
 * @param size maximum number of colors
 */
export function seasonPalette(palettes: readonly GarmentPalette[], size: number): SeasonPalette {
  const { clusters } = clusterPalettes(everyNth(palettes, MAX_CLUSTERED), size);
  const centers = clusters.map(({ lab }) => lab);
  return {
    colors: distinctNames(clusters),
    sharesOf: palettes.map((palette) =>
      palette.some(({ share }) => share > 0) ? sharesOf(palette, centers) : null,
    ),
  };
}

/** At most `limit` of the items, at even distances. */
function everyNth<Item>(items: readonly Item[], limit: number): readonly Item[] {
  const step = Math.ceil(items.length / limit);
  return step <= 1 ? items : items.filter((_, index) => index % step === 0);
}

type NamedColor = PaletteColor & { readonly lab: OkLab };

/** Two or three colors of one name become dark, plain and light; more of them, or a clash, are told by their hex. */
function distinctNames(clusters: readonly NamedColor[]): PaletteColor[] {
  const groups = new Map<string, NamedColor[]>();
  for (const color of clusters) groups.set(color.name, [...(groups.get(color.name) ?? []), color]);
  const names = new Map<NamedColor, string>();
  const taken = new Set([...groups.keys()]);
  for (const [name, group] of groups) {
    const ascending = [...group].sort((a, b) => a.lab.l - b.lab.l);
    const wanted = shades(name, ascending.length);
    const usable = wanted?.every((word) => word === name || !taken.has(word)) ?? false;
    for (const [index, color] of ascending.entries()) {
      const word = (usable ? wanted?.[index] : null) ?? `${name} ${color.hex}`;
      names.set(color, word);
      taken.add(word);
    }
  }
  return clusters.map((color) => ({ name: names.get(color) ?? color.name, hex: color.hex }));
}

// Words that people use: there is no "light black".
const SHADES_OF: Readonly<Record<string, readonly string[]>> = {
  black: ['black', 'soft black', 'faded black'],
  white: ['chalk', 'off-white', 'white'],
};

/** Names for `count` shades of a color, darkest first; null where words do not reach. */
function shades(name: string, count: number): readonly string[] | null {
  if (count === 1) return [name];
  const own = SHADES_OF[name];
  if (own !== undefined)
    return count > own.length ? null : own.slice(...(name === 'white' ? [-count] : [0, count]));
  if (count > 3 || name.startsWith('light ')) return null;
  return count === 2 ? [`dark ${name}`, `light ${name}`] : [`dark ${name}`, name, `light ${name}`];
}
