import { crc32 } from 'node:zlib';
import type { Random } from '@deepstyle/vision';
import sharp from 'sharp';
import { oneOf } from './input.ts';
import { drawnPicture, drawnPng } from './pictures.ts';

export type Parted = 'jpeg' | 'png' | 'gif' | 'webp';

/** Parts of a file that hold nothing: one of them, and what stands around all. */
interface EmptyParts {
  readonly part: Buffer;
  readonly before?: Buffer;
  readonly after?: Buffer;
}

const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');

const EMPTY_PARTS: Readonly<Record<Parted, readonly EmptyParts[]>> = {
  // Application segments and comments.
  jpeg: ['ffe10002', 'ffe20002', 'ffed0002', 'fffe0002'].map((part) => ({ part: hex(part) })),
  png: ['teSt', 'tEXt'].map((type) => ({ part: emptyChunk(type) })),
  gif: [
    { part: hex('21fe00') },
    { part: hex('21ff0000') },
    // A comment in blocks of one byte.
    { before: hex('21fe'), part: hex('0161'), after: hex('00') },
  ],
  webp: [{ part: hex('6162636400000000') }],
};

function emptyChunk(type: string): Buffer {
  const chunk = Buffer.alloc(12);
  chunk.write(type, 4, 'latin1');
  chunk.writeUInt32BE(crc32(type), 8);
  return chunk;
}

/**
 * A picture with further parts that hold nothing.
 *
 * @param count of the parts, by how many bytes each of them has
 */
export async function partedPicture(
  random: Random,
  format: Parted,
  count: (partBytes: number) => number,
): Promise<Buffer> {
  const { before, part, after } = oneOf(random, EMPTY_PARTS[format]);
  const parts = Buffer.alloc(count(part.length) * part.length, part);
  const picture = await PLAIN[format](random);
  const at = PLACE_OF_PARTS[format](picture);
  const bytes = Buffer.concat(
    [picture.subarray(0, at), before, parts, after, picture.subarray(at)].filter(
      (each) => each !== undefined,
    ),
  );
  return format === 'webp' ? withItsLength(bytes) : bytes;
}

const PLAIN: Readonly<Record<Parted, (random: Random) => Buffer | Promise<Buffer>>> = {
  jpeg: (random) => drawnPicture(random, 'jpeg'),
  png: (random) => drawnPng(random),
  gif: (random) => drawnPicture(random, 'gif'),
  // Only a WebP with metadata may hold chunks of any kind.
  webp: async (random) =>
    sharp(await drawnPicture(random, 'webp'))
      .withExif({ IFD0: { Artist: 'Nora K' } })
      .webp()
      .toBuffer(),
};

const PLACE_OF_PARTS: Readonly<Record<Parted, (picture: Buffer) => number>> = {
  jpeg: () => 2,
  // Behind its header.
  png: () => 33,
  // Behind its table of colors.
  gif: (gif) => 13 + 3 * 2 ** (((gif[10] ?? 0) & 7) + 1),
  webp: ({ length }) => length,
};

function withItsLength(webp: Buffer): Buffer {
  webp.writeUInt32LE(webp.length - 8, 4);
  return webp;
}

const SIDE_PX = 16;
/** What each picture of an animation begins with. */
const PICTURE_STARTS = { gif: hex('21f904'), webp: Buffer.from('ANMF') } as const;

/** An animation of two pictures, of which the second one is shown again and again. */
export async function drawnAnimation(
  random: Random,
  format: keyof typeof PICTURE_STARTS,
  pictures: number,
): Promise<Buffer> {
  const pixels = Array.from({ length: 2 }, () => {
    const color = [random(), random(), random()].map((part) => part * 256);
    return Buffer.alloc(SIDE_PX * SIDE_PX * 3, Uint8Array.from(color));
  });
  const short = await sharp(Buffer.concat(pixels), {
    raw: { width: SIDE_PX, height: 2 * SIDE_PX, channels: 3, pageHeight: SIDE_PX },
  })
    [format]({ lossless: true })
    .toBuffer();
  const end = short.length - (format === 'gif' ? 1 : 0);
  const second = short.subarray(short.lastIndexOf(PICTURE_STARTS[format]), end);
  const others = Buffer.alloc((pictures - 2) * second.length, second);
  const long = Buffer.concat([short.subarray(0, end), others, short.subarray(end)]);
  return format === 'webp' ? withItsLength(long) : long;
}
