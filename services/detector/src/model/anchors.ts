/**
 * Anchors (Ren et al. 2015, section 3.1.1; Lin et al. 2017: one size per pyramid level).
 *
 * Shape shorthand: h, w cells of a level's grid; B ratios per cell; A anchors of an image over all levels.
 * Order: levels from fine to coarse, in a level rows of cells, in a cell the ratios.
 */
export interface AnchorLevel {
  /** Distance of neighbouring cells, px. */
  readonly stridePx: number;
  /** Square root of an anchor's area, px. */
  readonly sizePx: number;
}

export interface AnchorOptions {
  readonly levels: readonly AnchorLevel[];
  /** Height over width. */
  readonly ratios: readonly number[];
}

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Rounds halves to even, as IEEE 754 and thus torchvision does. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Anchors around (0, 0), [B, 4] xyxy px: half extents rounded to px, as torchvision's AnchorGenerator has them. */
export function cellAnchors(sizePx: number, ratios: readonly number[]): Float32Array {
  const rows = ratios.flatMap((ratio) => {
    const halfHeight = (sizePx * Math.sqrt(ratio)) / 2;
    const halfWidth = sizePx / Math.sqrt(ratio) / 2;
    const [x, y] = [roundHalfToEven(halfWidth), roundHalfToEven(halfHeight)];
    return [-x, -y, x, y];
  });
  return Float32Array.from(rows);
}

/** Cells of a level's grid. Strides divide the image's sides. */
export function gridSize(image: ImageSize, { stridePx }: AnchorLevel): ImageSize {
  return { height: image.height / stridePx, width: image.width / stridePx };
}

/** Anchors of one level, [h * w * B, 4] xyxy px: cell (y, x) is centred at (x * stride, y * stride). */
export function levelAnchors(
  image: ImageSize,
  level: AnchorLevel,
  ratios: readonly number[],
): Float32Array {
  const cell = cellAnchors(level.sizePx, ratios);
  const { height, width } = gridSize(image, level);
  const anchors = new Float32Array(height * width * cell.length);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [i, extent] of cell.entries()) {
        anchors[at++] = extent + level.stridePx * (i % 2 === 0 ? x : y);
      }
    }
  }
  return anchors;
}

/** Anchors of every level, [A, 4] xyxy px. */
export function allAnchors(image: ImageSize, { levels, ratios }: AnchorOptions): Float32Array {
  const parts = levels.map((level) => levelAnchors(image, level, ratios));
  const anchors = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    anchors.set(part, at);
    at += part.length;
  }
  return anchors;
}
