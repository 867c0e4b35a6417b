import { UnreadableImageError } from './errors.ts';
import type { PhotoFormat } from './photo-format.ts';

/**
 * Pictures of an animation. Decoders list all of them when they read the header, at 70 bytes and more each, although the
 * first one alone is taken here; a picture of a GIF may have 12 bytes.
 */
export const MAX_PICTURES = 10_000;

/** @throws UnreadableImageError where an animation has more than `MAX_PICTURES` pictures */
export function refuseLongAnimations(format: PhotoFormat, bytes: Uint8Array): void {
  const isLong = (format === 'gif' && isLongGif(bytes)) || (format === 'webp' && isLongWebp(bytes));
  if (isLong)
    throw new UnreadableImageError(`it is an animation of more than ${MAX_PICTURES} pictures`);
}

const HEADER_BYTES = 13;
const DESCRIPTOR_BYTES = 10;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const COMMENT = 0xfe;

/** Walks the blocks of a GIF (GIF89a, appendix A) as far as its decoder does. */
function isLongGif(gif: Uint8Array): boolean {
  let at = HEADER_BYTES + colorTableBytes(gif[10]);
  for (let pictures = 0; pictures <= MAX_PICTURES; ) {
    if (gif[at] === EXTENSION) at = endOfExtension(gif, at);
    else if (gif[at] === IMAGE) {
      pictures += 1;
      const colors = colorTableBytes(gif[at + DESCRIPTOR_BYTES - 1]);
      // Between them stands the size of codes, of one byte.
      at = endOfSubBlocks(gif, at + DESCRIPTOR_BYTES + colors + 1);
    } else return false;
  }
  return true;
}

function colorTableBytes(flags = 0): number {
  return flags >> 7 === 1 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

// The decoder takes the first block of all but comments for one that is not the last, even where it is empty.
function endOfExtension(gif: Uint8Array, at: number): number {
  const [label, size = 0] = gif.subarray(at + 1, at + 3);
  return endOfSubBlocks(gif, label === COMMENT ? at + 2 : at + 3 + size);
}

function endOfSubBlocks(gif: Uint8Array, from: number): number {
  let at = from;
  for (let size = gif[at] ?? 0; size > 0; size = gif[at] ?? 0) at += 1 + size;
  return at + 1;
}

/** Wherever its decoder looks for them, they begin with this word. */
function isLongWebp(webp: Uint8Array): boolean {
  const bytes = Buffer.from(webp.buffer, webp.byteOffset, webp.byteLength);
  let at = 0;
  for (let pictures = 0; pictures <= MAX_PICTURES; pictures++) {
    at = bytes.indexOf('ANMF', at) + 1;
    if (at === 0) return false;
  }
  return true;
}
