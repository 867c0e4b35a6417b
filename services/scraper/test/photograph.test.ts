import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { dominantColor, inspectPhotograph } from '../src/photograph.ts';
import { drawJpeg, drawn } from './drawn-photos.ts';

const LIMITS = { maxPhotoBytes: 1_000_000, maxPhotoPixels: 1_000_000 };

function rejected(bytes: Uint8Array, limits = LIMITS): Promise<string> {
  return inspectPhotograph(bytes, limits).then(
    () => 'accepted',
    (error: { rejection: string }) => error.rejection,
  );
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

describe('inspectPhotograph', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'gif'] as const)('takes a whole %s', async (format) => {
    const bytes = await drawn(1, 40, 60).toFormat(format).toBuffer();
    expect(await inspectPhotograph(bytes, LIMITS)).toMatchObject({
      id: createHash('sha256').update(bytes).digest('hex'),
      contentType: `image/${format}`,
      bytes: bytes.length,
      widthPx: 40,
      heightPx: 60,
    });
  });

  test('a grey picture with transparency is one too', async () => {
    const bytes = await drawn(1).toColourspace('b-w').ensureAlpha().png().toBuffer();
    expect((await inspectPhotograph(bytes, LIMITS)).dominantColor).toMatch(/^#(..)\1\1$/);
  });

  test('the size is that of the picture as shown, turned as the camera recorded', async () => {
    const bytes = await drawn(1, 40, 60).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await inspectPhotograph(bytes, LIMITS)).toMatchObject({ widthPx: 60, heightPx: 40 });
  });

  test('a page, a text and an SVG are no images, whatever their name says', async () => {
    for (const text of [
      '<!doctype html><h1>Log in</h1>',
      'notes',
      '',
      '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><rect/></svg>',
    ]) {
      expect(await rejected(Buffer.from(text))).toBe('NOT_AN_IMAGE');
    }
  });

  test('a picture of a format that is not collected is none', async () => {
    expect(await rejected(await drawn(1).tiff().toBuffer())).toBe('NOT_AN_IMAGE');
  });

  test.each(['jpeg', 'png', 'webp', 'avif', 'gif'] as const)(
    'a %s cut at any tenth is truncated',
    async (format) => {
      const noise = {
        create: {
          width: 256,
          height: 256,
          channels: 3 as const,
          noise: { type: 'gaussian' as const, mean: 128, sigma: 60 },
          background: '#000',
        },
      };
      const bytes = await sharp(noise).toFormat(format).toBuffer();
      for (let tenth = 1; tenth <= 9; tenth += 1) {
        const cut = bytes.subarray(0, Math.floor((bytes.length * tenth) / 10));
        expect([tenth, await rejected(cut)]).toEqual([tenth, 'TRUNCATED']);
      }
    },
  );

  test('15 pixels on a side are too few, 16 are enough', async () => {
    expect(await rejected(await drawJpeg(1, 15, 99))).toBe('TOO_SMALL');
    expect(await rejected(await drawJpeg(1, 16, 16))).toBe('accepted');
  });

  test('more bytes or pixels than the limits are too large', async () => {
    const bytes = await drawJpeg(1, 100, 100);
    expect(await rejected(bytes, { ...LIMITS, maxPhotoBytes: bytes.length - 1 })).toBe('TOO_LARGE');
    expect(await rejected(bytes, { ...LIMITS, maxPhotoPixels: 9_999 })).toBe('TOO_LARGE');
    expect(await rejected(bytes, { ...LIMITS, maxPhotoPixels: 10_000 })).toBe('accepted');
  });

  test('a small file that claims gigapixels is refused before it is unpacked', async () => {
    const bomb = await drawn(1).png().toBuffer();
    // A PNG begins with 8 bytes, then length, "IHDR", width, height, 5 more bytes and the CRC of these.
    bomb.writeUInt32BE(40_000, 16);
    bomb.writeUInt32BE(40_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    expect(await rejected(bomb, { maxPhotoBytes: 30e6, maxPhotoPixels: 50e6 })).toBe('TOO_LARGE');
  });
});

describe('dominantColor', () => {
  test('is the mean of the fullest cell, not of everything', () => {
    // Two nearly equal reds against one blue: the reds share a cell of 32 levels.
    expect(dominantColor(Uint8Array.of(200, 0, 0, 202, 2, 2, 0, 0, 255))).toBe('#c90101');
  });

  test('of equally full cells the darker one, so that it is always the same', () => {
    expect(dominantColor(Uint8Array.of(255, 255, 255, 0, 0, 0))).toBe('#000000');
  });
});
