import type { PhotoFormat } from './photo-format.ts';

/** One step of a walk: a picture of an animation, or any other part. */
type PicturePart = 'picture' | 'other';

export type PartedFormat = Exclude<PhotoFormat, 'avif' | 'tiff'>;

/**
 * The parts of a file, as its decoder walks over them: it skips what this walk skips, and ends where this one ends. AVIF and
 * TIFF are left out, as their decoders count for themselves.
 */
export const PARTS_OF: Readonly<
  Record<PartedFormat, (bytes: Uint8Array) => Iterable<PicturePart>>
> = { jpeg: jpegParts, png: pngParts, gif: gifParts, webp: webpParts };

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** The segments of a JPEG (ITU-T T.81, annex B), those between the scans of a progressive one too. */
function* jpegParts(jpeg: Uint8Array): Generator<PicturePart> {
  const bytes = asBuffer(jpeg);
  let [isProgressive, components] = [false, 0];
  let at = nextMarker(bytes, 2);
  while (at + 4 <= bytes.length) {
    const marker = bytes.readUInt8(at + 1);
    if (marker === END_OF_IMAGE) return;
    yield 'other';
    if (isStartOfFrame(marker)) {
      isProgressive = (marker & 3) === 2;
      components = bytes[at + 9] ?? 0;
    }
    // Nothing is read behind the only scan.
    if (marker === START_OF_SCAN && !isProgressive && (bytes[at + 4] ?? 0) >= components) return;
    // A length counts its own two bytes, and is not to be believed.
    at = nextMarker(bytes, at + 2 + Math.max(2, bytes.readUInt16BE(at + 2)));
  }
}

/** Between them stands what is coded, where 0xff is followed by a zero or the number of a restart. */
function nextMarker(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at)) {
    // Where one stands others are near, and a search for each would cost more than the walk.
    for (const end = at + 32; at < end; at++) {
      if (bytes[at] === 0xff && hasLength(bytes[at + 1] ?? 0)) return at;
    }
  }
  return bytes.length;
}

function hasLength(marker: number): boolean {
  return marker >= 0xc0 && marker < 0xff && !(marker >= 0xd0 && marker <= 0xd8);
}

function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

const PNG_SIGNATURE_BYTES = 8;
/** Length, type and checksum, around the data of a chunk. */
const PNG_FRAME_BYTES = 12;

/** A chunk of a PNG, which may end behind the file. */
interface PngChunk {
  readonly type: string;
  readonly at: number;
  readonly end: number;
}

/** The chunks of a PNG (PNG specification 3, 5.3) as far as its end. */
export function* pngChunks(png: Uint8Array): Generator<PngChunk> {
  const bytes = asBuffer(png);
  let at = PNG_SIGNATURE_BYTES;
  while (at + PNG_FRAME_BYTES <= bytes.length) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    const end = at + PNG_FRAME_BYTES + bytes.readUInt32BE(at);
    yield { type, at, end };
    if (type === 'IEND') return;
    at = end;
  }
}

function* pngParts(png: Uint8Array): Generator<PicturePart> {
  for (const _ of pngChunks(png)) yield 'other';
}

const GIF_HEADER_BYTES = 13;
const DESCRIPTOR_BYTES = 10;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const COMMENT = 0xfe;
/** Encoders fill the blocks of what is long, of 255 bytes: those that are not full stand at its end, or are text. */
const SMALL_BLOCK_BYTES = 128;

/** The blocks of a GIF (GIF89a, appendix A). */
function* gifParts(gif: Uint8Array): Generator<PicturePart> {
  let at = GIF_HEADER_BYTES + colorTableBytes(gif[10]);
  for (;;) {
    if (gif[at] === EXTENSION) {
      yield 'other';
      at = yield* gifSubBlocks(gif, startOfSubBlocks(gif, at));
    } else if (gif[at] === IMAGE) {
      yield 'picture';
      const colors = colorTableBytes(gif[at + DESCRIPTOR_BYTES - 1]);
      // Between them stands the size of codes, of one byte.
      at = yield* gifSubBlocks(gif, at + DESCRIPTOR_BYTES + colors + 1);
    } else return;
  }
}

function colorTableBytes(flags = 0): number {
  return flags >> 7 === 1 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

// The decoder takes the first block of all but comments for one that is not the last, even where it is empty.
function startOfSubBlocks(gif: Uint8Array, at: number): number {
  return gif[at + 1] === COMMENT ? at + 2 : at + 3 + (gif[at + 2] ?? 0);
}

/** @returns where they end */
function* gifSubBlocks(gif: Uint8Array, from: number): Generator<PicturePart, number> {
  let at = from;
  for (let size = gif[at] ?? 0; size > 0; size = gif[at] ?? 0) {
    if (size < SMALL_BLOCK_BYTES) yield 'other';
    at += 1 + size;
  }
  return at + 1;
}

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const ANMF_HEADER_BYTES = 16;

/** The chunks of a WebP (RFC 9649, 2.7), those inside the pictures of an animation too. */
function* webpParts(webp: Uint8Array): Generator<PicturePart> {
  const bytes = asBuffer(webp);
  let at = RIFF_HEADER_BYTES;
  while (at + CHUNK_HEADER_BYTES <= bytes.length) {
    // What follows the outer chunk is no part of it.
    if (at >= bytes.readUInt32LE(4) + CHUNK_HEADER_BYTES) return;
    const isPicture = bytes.toString('latin1', at, at + 4) === 'ANMF';
    yield isPicture ? 'picture' : 'other';
    const size = bytes.readUInt32LE(at + 4);
    at += CHUNK_HEADER_BYTES + (isPicture ? ANMF_HEADER_BYTES : size + (size % 2));
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
