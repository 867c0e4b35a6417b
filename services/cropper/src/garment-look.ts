import { encodeBlurhash, hexOfOklab, paletteOf, type RgbImage } from '@deepstyle/vision';

/** A colour of a garment, in OKLab. */
export interface PaletteColor {
  /** In [0, 1]. */
  readonly lightness: number;
  /** Green to red, about [-0.4, 0.4]. */
  readonly a: number;
  /** Blue to yellow, about [-0.4, 0.4]. */
  readonly b: number;
  /** Share of the garment's pixels in (0, 1]; the shares of a palette sum to 1. */
  readonly share: number;
}

/** What a garment looks like, for statistics and for previews. */
export interface GarmentLook {
  /** Without the background, largest share first. */
  readonly palette: readonly PaletteColor[];
  /** The palette's first colour as #rrggbb. */
  readonly dominantColor: string | null;
  /** The whole crop, blurred. */
  readonly blurhash: string | null;
}

// Five digits are far below what an eye tells apart, and halve the stored palettes.
const DIGITS = 1e5;

/**
 * The look of a garment from its thumbnail; a few milliseconds of this thread. Deterministic.
 * @param weights how much each of its pixels shows the garment, where that is known
 */
export function lookOf(thumbnail: RgbImage, weights: Float32Array | null = null): GarmentLook {
  const { swatches } = paletteOf(thumbnail, weights === null ? {} : { weights });
  const palette = swatches.map(({ lab, share }) => ({
    lightness: rounded(lab.l),
    a: rounded(lab.a),
    b: rounded(lab.b),
    share,
  }));
  return { palette, dominantColor: swatches[0]?.hex ?? null, blurhash: blurhashOf(thumbnail) };
}

/** #rrggbb of a palette's colour. */
export function hexOf({ lightness, a, b }: PaletteColor): string {
  return hexOfOklab({ l: lightness, a, b });
}

// Its few terms are the same at this size, in a sixteenth of the time.
const BLURHASH_SHRINK = 4;

function blurhashOf(thumbnail: RgbImage): string {
  return encodeBlurhash(shrunk(thumbnail, BLURHASH_SHRINK));
}

/** Every block of `factor` x `factor` pixels as its mean; what does not fill a block is left out. */
function shrunk(image: RgbImage, factor: number): RgbImage {
  const width = Math.floor(image.width / factor);
  const height = Math.floor(image.height / factor);
  if (width === 0 || height === 0) return image;
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at += 1) {
    const [channel, pixel] = [at % 3, Math.floor(at / 3)];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    let sum = 0;
    for (let down = y * factor; down < (y + 1) * factor; down += 1) {
      for (let across = x * factor; across < (x + 1) * factor; across += 1)
        sum += image.data[(down * image.width + across) * 3 + channel] ?? 0;
    }
    data[at] = Math.round(sum / factor ** 2);
  }
  return { width, height, data };
}

function rounded(value: number): number {
  return Math.round(value * DIGITS) / DIGITS;
}
