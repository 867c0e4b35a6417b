import { UnreadableImageError } from './errors.ts';
import type { PhotoFormat } from './photo-format.ts';
import { PARTS_OF, type PartedFormat } from './picture-parts.ts';

/**
 * Pictures of an animation. Decoders list all of them when they read the header, at 70 bytes and more each, although the
 * first one alone is taken here; a picture of a GIF may have 12 bytes.
 */
export const MAX_PICTURES = 10_000;

/**
 * Segments, chunks or blocks of a file, which may be empty: decoders keep 100 to 400 bytes for each. The largest honest files
 * have less than half of so many: JPEGs of 256 MB in segments of 64 kB, PNGs in chunks of 8 kB, animations of `MAX_PICTURES`.
 */
export const MAX_PARTS: Readonly<Record<PartedFormat, number>> = {
  jpeg: 10_000,
  png: 100_000,
  gif: 100_000,
  webp: 100_000,
};

/** Whether `refuseManyParts` looks at a format. */
export function isParted(format: PhotoFormat): format is PartedFormat {
  return format in PARTS_OF;
}

/**
 * Looks through a file before a decoder does, no further than it may go on.
 *
 * @throws UnreadableImageError where it has more than `MAX_PARTS` parts or `MAX_PICTURES` pictures
 */
export function refuseManyParts(format: PartedFormat, bytes: Uint8Array): void {
  const maxParts = MAX_PARTS[format];
  let [parts, pictures] = [0, 0];
  for (const part of PARTS_OF[format](bytes)) {
    parts += 1;
    if (part === 'picture') pictures += 1;
    if (pictures > MAX_PICTURES)
      throw new UnreadableImageError(`it is an animation of more than ${MAX_PICTURES} pictures`);
    if (parts > maxParts)
      throw new UnreadableImageError(`it is made of more than ${maxParts} parts`);
  }
}
