import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import {
  DEFAULT_DECODE_MEMORY_BYTES,
  decodeRgb,
  ImageTooLargeError,
  limitDecodeMemory,
  photoFormatOf,
  readPhotoHeader,
  withPhoto,
} from '../src/index.ts';

afterEach(() => limitDecodeMemory(DEFAULT_DECODE_MEMORY_BYTES));

const flat = (side: number) =>
  sharp({ create: { width: side, height: side, channels: 3, background: '#a05' } });

/** A small AVIF that says it is larger, as its decoder would believe: the sizes stand in the box `ispe`. */
async function avifThatSays(side: number): Promise<Buffer> {
  const bytes = await flat(64).avif({ effort: 0 }).toBuffer();
  const at = bytes.indexOf('ispe') + 8;
  bytes.writeUInt32BE(side, at);
  bytes.writeUInt32BE(side, at + 4);
  return bytes;
}

/** The same of a PNG with transparency, whose header has a checksum. */
async function pngThatSays(side: number, progressive: boolean): Promise<Buffer> {
  const image = flat(64).ensureAlpha(0.5).toColourspace('rgb16');
  const bytes = await image.png({ progressive }).toBuffer();
  bytes.writeUInt32BE(side, 16);
  bytes.writeUInt32BE(side, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

describe('the memory of a decoding', () => {
  test.each([
    ['an AVIF of 7000 x 7000', () => avifThatSays(7_000), '7000 x 7000 = 49000000 pixels'],
    [
      'an interlaced 16-bit PNG of 8000 x 8000',
      () => pngThatSays(8_000, true),
      '= 64000000 pixels',
    ],
  ])('%s alone takes more than all may take: it is refused by name', async (_, draw, words) => {
    const refused = withPhoto(await draw(), {}, () => Promise.reject(new Error('decoded')));
    await expect(refused).rejects.toThrow(ImageTooLargeError);
    await expect(refused).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    await expect(refused).rejects.toThrow(words);
    await expect(refused).rejects.toThrow('DECODE_MEMORY_MB allows 384');
  });

  test.each([
    ['a JPEG of a camera', () => flat(7_000).jpeg().toBuffer()],
    ['a PNG that is read row by row', () => pngThatSays(7_000, false)],
    ['an AVIF of 4000 x 4000', () => avifThatSays(4_000)],
  ])('%s passes', async (_, draw) => {
    expect(await withPhoto(await draw(), {}, async ({ header }) => header.width)).toBeGreaterThan(
      0,
    );
  });

  test('is shared: what does not fit beside the others waits', async () => {
    const avif = await avifThatSays(2_000);
    let [atOnce, most] = [0, 0];
    limitDecodeMemory(200_000_000);
    const decodings = Array.from({ length: 6 }, () =>
      withPhoto(avif, {}, async () => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
      }),
    );
    await Promise.all(decodings);
    expect(most).toBeLessThanOrEqual(2);
  });

  test('is shared by the reading of headers, which decoders copy', async () => {
    const profile = Buffer.alloc(65_537, 'x');
    profile.writeUInt32BE(0xffe2ffff);
    const jpeg = await flat(64).jpeg().toBuffer();
    const long = Buffer.concat([
      jpeg.subarray(0, 2),
      ...Array.from({ length: 40 }, () => profile),
      jpeg.subarray(2),
    ]);
    limitDecodeMemory(100_000_000);
    const read: string[] = [];
    let reading = Promise.resolve(0);
    await withPhoto(await avifThatSays(2_000), {}, async () => {
      reading = readPhotoHeader(long).then(() => read.push('long'));
      for (let n = 0; n < 8; n++) await sharp(long).metadata();
      read.push('decoded');
    });
    await reading;
    expect(read).toEqual(['decoded', 'long']);
  });

  test('counts a result that is as large as the photograph', async () => {
    const jpeg = await flat(1_000).jpeg().toBuffer();
    limitDecodeMemory(16_000_000);
    expect((await decodeRgb(jpeg, { maxSidePx: 100 })).width).toBe(100);
    await expect(decodeRgb(jpeg, { maxSidePx: 100, maxPixels: 999_999 })).rejects.toThrow('limit');
    limitDecodeMemory(8_000_000);
    await expect(decodeRgb(jpeg)).rejects.toThrow('DECODE_MEMORY_MB allows 8');
  });
});

describe('what is decodable', () => {
  test('a JPEG that its decoder warns of is read as a whole', async () => {
    const bytes = await flat(64).jpeg().toBuffer();
    // Bytes between two segments are skipped with a warning; the first one begins behind the two bytes of the start.
    const second = 4 + bytes.readUInt16BE(4);
    const odd = Buffer.concat([bytes.subarray(0, second), Buffer.alloc(4), bytes.subarray(second)]);
    await expect(sharp(odd, { failOn: 'warning' }).raw().toBuffer()).rejects.toThrow();
    expect(await decodeRgb(odd)).toMatchObject({ width: 64, height: 64 });
  });

  test.each([
    ['the main brand is that of its family', 'mif1\0\0\0\0avifmif1'],
    ['it is a sequence', 'msf1\0\0\0\0mif1avis'],
  ])('an AVIF is one by any of its brands: %s', async (_, brands) => {
    const avif = await flat(64).avif({ effort: 0 }).toBuffer();
    const end = avif.readUInt32BE();
    // Places count from the beginning of the file, which therefore keeps its length.
    avif.fill(0, 8, end).write(brands.padEnd(end - 8, 'miaf'), 8, 'latin1');
    expect(await decodeRgb(avif)).toMatchObject({ width: 64, height: 64 });
  });

  test.each(['mif1\0\0\0\0heicmif1', 'heicavif', 'mif1\0\0\0\0'])(
    'what has no brand of AVIF is none: %j',
    (brands) => {
      const box = Buffer.from(`\0\0\0\0ftyp${brands}`, 'latin1');
      box.writeUInt32BE(box.length);
      const avif = Buffer.from('\0\0\0\x10avif', 'latin1');
      expect(photoFormatOf(Buffer.concat([box, avif]))).toBeUndefined();
    },
  );

  test('a document that a library would render is no photograph, as a file either', async () => {
    const path = new URL('./open-photo.test.ts', import.meta.url).pathname;
    await expect(readPhotoHeader(path)).rejects.toThrow('no known picture format');
  });
});
