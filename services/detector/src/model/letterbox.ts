/**
 * How a photograph lies in the network's image: scaled to fit, its shape kept, in the upper left corner; the rest is grey.
 * Pure.
 */
import type { ImageSize } from './anchors.ts';

export interface Letterbox {
  /** Size of the photograph in the network's image, whole px, at least 1. */
  readonly scaled: ImageSize;
  /** From px of the photograph to px of the network's image. */
  readonly scaleX: number;
  readonly scaleY: number;
}

export function letterboxOf(photo: ImageSize, network: ImageSize): Letterbox {
  const scale = Math.min(network.width / photo.width, network.height / photo.height);
  const fitted = (side: number, limit: number) =>
    Math.min(limit, Math.max(1, Math.round(side * scale)));
  const scaled = {
    width: fitted(photo.width, network.width),
    height: fitted(photo.height, network.height),
  };
  return {
    scaled,
    scaleX: scaled.width / photo.width,
    scaleY: scaled.height / photo.height,
  };
}
