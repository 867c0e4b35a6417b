import { InvalidArgumentError } from '@deepstyle/platform';
import type { ObjectReference } from '@deepstyle/storage';

/** Widths in pixels that images are served in; few, so that caches hold them. */
export const IMAGE_WIDTHS = [64, 128, 256, 512, 1024] as const;
export type ImageFormat = 'WEBP' | 'JPEG' | 'PNG';

export interface ImageField {
  readonly width: number;
  readonly height: number;
  readonly blurhash: string | null;
  readonly dominantColor: string | null;
  url(args: { readonly width?: number | null; readonly format?: ImageFormat | null }): string;
}

/**
 * The graph's `Image` of a stored object. Its address is a path on the gateway that never changes, as the key is
 * content-addressed.
 */
export function imageField(
  image: Pick<ObjectReference, 'key'>,
  widthPx: number,
  heightPx: number,
  preview: { readonly blurhash?: string | null; readonly dominantColor?: string | null } = {},
): ImageField {
  return {
    width: widthPx,
    height: heightPx,
    blurhash: preview.blurhash ?? null,
    dominantColor: preview.dominantColor ?? null,
    url: ({ width, format }) => imagePath(image.key, width ?? null, format ?? 'WEBP'),
  };
}

function imagePath(key: string, width: number | null, format: ImageFormat): string {
  if (width !== null && !(IMAGE_WIDTHS as readonly number[]).includes(width)) {
    throw new InvalidArgumentError(
      'width',
      `must be one of ${IMAGE_WIDTHS.join(', ')}, not ${width}`,
    );
  }
  const size = width === null ? '' : `w=${width}&`;
  return `/images/${key}?${size}f=${format.toLowerCase()}`;
}
