import {
  decodeRgb,
  dominantColor,
  encodeBlurhash,
  fitSquareRgb,
  pixel8Features,
  tensorOfRgb,
} from '@deepstyle/vision';

/** What a design looks like: for comparing it, and for showing something before it has loaded. */
export interface DesignLook {
  /** Feature space pixel8, [192] in [-1, 1]: the one in which the trainer finds nearest garments. */
  readonly features: ArrayLike<number>;
  readonly blurhash: string;
  readonly dominantColor: string;
}

const SIDE_PX = 64;

/** @throws UnreadableImageError, ImageTooLargeError */
export async function designLook(bytes: Uint8Array): Promise<DesignLook> {
  const image = await decodeRgb(bytes);
  const square = await fitSquareRgb(image, { sizePx: SIDE_PX });
  const shape = { count: 1, height: SIDE_PX, width: SIDE_PX };
  return {
    features: pixel8Features(tensorOfRgb(square), shape).values,
    blurhash: encodeBlurhash(image),
    dominantColor: dominantColor(image),
  };
}
