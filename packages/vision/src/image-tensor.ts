import { ArrayShapeError } from './errors.ts';
import { checkRgb, type EncodeOptions, encodeRgb, type RgbImage } from './image.ts';

/** Sizes of a batch of images, `[count, height, width, 3]`. */
export interface BatchShape {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** sRGB bytes 0..255 -> float32 [height, width, 3] in [-1, 1]. */
export function tensorOfRgb(image: RgbImage): Float32Array {
  checkRgb(image);
  return Float32Array.from(image.data, (byte) => byte / 127.5 - 1);
}

/** Float32 [height, width, 3] in [-1, 1] -> sRGB bytes; values outside are clipped, NaN becomes 0. */
export function rgbOfTensor(tensor: Float32Array, width: number, height: number): RgbImage {
  if (tensor.length !== width * height * 3) {
    throw new ArrayShapeError(
      'Image tensor',
      `[${height}, ${width}, 3]`,
      `${tensor.length} values`,
    );
  }
  const data = Uint8Array.from(tensor, (value) =>
    Math.round(Math.min(255, Math.max(0, (value + 1) * 127.5))),
  );
  return { width, height, data };
}

/** Encode one image tensor [height, width, 3] in [-1, 1]; PNG where no format is named. */
export async function encodeTensor(
  tensor: Float32Array,
  width: number,
  height: number,
  options: EncodeOptions = {},
): Promise<Uint8Array> {
  return await encodeRgb(rgbOfTensor(tensor, width, height), options);
}

export interface GridOptions extends BatchShape, EncodeOptions {
  /** Images in a row; by default the grid is as square as can be. */
  readonly columns?: number;
  /** White space between images, px. */
  readonly gapPx?: number;
}

/** One picture of a batch of images [count, height, width, 3] in [-1, 1], row by row from the top left, on white. */
export async function renderGrid(images: Float32Array, options: GridOptions): Promise<Uint8Array> {
  const { count, height, width, gapPx = 2 } = options;
  checkBatch('Grid', images, options);
  const columns = Math.max(1, Math.min(count, options.columns ?? Math.ceil(Math.sqrt(count))));
  const rows = Math.max(1, Math.ceil(count / columns));
  const gridWidth = columns * (width + gapPx) - gapPx;
  const gridHeight = rows * (height + gapPx) - gapPx;
  const data = new Uint8Array(gridWidth * gridHeight * 3).fill(255);
  const stride = height * width * 3;
  for (let n = 0; n < count; n++) {
    const tile = rgbOfTensor(images.subarray(n * stride, (n + 1) * stride), width, height).data;
    const left = (n % columns) * (width + gapPx);
    const top = Math.floor(n / columns) * (height + gapPx);
    for (let y = 0; y < height; y++) {
      const row = tile.subarray(y * width * 3, (y + 1) * width * 3);
      data.set(row, ((top + y) * gridWidth + left) * 3);
    }
  }
  return await encodeRgb({ width: gridWidth, height: gridHeight, data }, options);
}

/** @throws ArrayShapeError where the values are not `count * height * width * 3` */
export function checkBatch(what: string, images: Float32Array, shape: BatchShape): void {
  const { count, height, width } = shape;
  if (count < 1 || images.length !== count * height * width * 3) {
    throw new ArrayShapeError(
      what,
      `[N >= 1, H, W, 3] = [${count}, ${height}, ${width}, 3] values`,
      `${images.length}`,
    );
  }
}
