import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import {
  cropRgb,
  decodeRgb,
  encodeRgb,
  ImageTooLargeError,
  photoFormatOf,
  UnreadableImageError,
} from '../src/index.ts';
import { drawn } from './fixture.ts';

/** Left half red, right half blue. */
const twoHalves = drawn(24, 16, (x) => (x < 12 ? [255, 0, 0] : [0, 0, 255]));
const asSharp = () => sharp(twoHalves.data, { raw: { width: 24, height: 16, channels: 3 } });
const pixel = (image: { width: number; data: Uint8Array }, x: number, y: number) => [
  ...image.data.subarray((y * image.width + x) * 3, (y * image.width + x) * 3 + 3),
];

describe('decodeRgb', () => {
  test('gives back the bytes of a lossless picture', async () => {
    const decoded = await decodeRgb(await encodeRgb(twoHalves));
    expect(decoded).toEqual(twoHalves);
  });

  test.each(['jpeg', 'webp', 'gif', 'avif', 'tiff'] as const)('reads %s', async (format) => {
    const bytes = await asSharp().toFormat(format).toBuffer();
    expect(photoFormatOf(bytes)).toBe(format);
    const decoded = await decodeRgb(bytes);
    expect([decoded.width, decoded.height]).toEqual([24, 16]);
    const [red, , blue] = pixel(decoded, 3, 8);
    expect(red).toBeGreaterThan(200);
    expect(blue).toBeLessThan(60);
  });

  test('turns a photograph as its camera recorded', async () => {
    // Orientation 6: the picture must be turned a quarter clockwise, so that left becomes top.
    const bytes = await asSharp().withMetadata({ orientation: 6 }).png().toBuffer();
    const decoded = await decodeRgb(bytes);
    expect([decoded.width, decoded.height]).toEqual([16, 24]);
    expect(pixel(decoded, 8, 2)).toEqual([255, 0, 0]);
    expect(pixel(decoded, 8, 21)).toEqual([0, 0, 255]);
  });

  test('lays transparency on white, and gives grey, 16-bit and CMYK pictures three channels of 8 bit', async () => {
    const clear = await sharp({
      create: { width: 4, height: 4, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    expect(pixel(await decodeRgb(clear), 1, 1)).toEqual([255, 255, 255]);
    const grey = await asSharp().greyscale().toColourspace('b-w').png().toBuffer();
    const decoded = await decodeRgb(grey);
    expect(decoded.data.length).toBe(24 * 16 * 3);
    const deep = await asSharp().toColourspace('rgb16').png().toBuffer();
    expect(pixel(await decodeRgb(deep), 1, 1)).toEqual([255, 0, 0]);
    const cmyk = await asSharp().toColourspace('cmyk').jpeg().toBuffer();
    expect((await decodeRgb(cmyk)).data.length).toBe(24 * 16 * 3);
  });

  test('scales down to the longer side and never up', async () => {
    const bytes = await encodeRgb(twoHalves);
    expect(await decodeRgb(bytes, { maxSidePx: 12 })).toMatchObject({ width: 12, height: 8 });
    expect(await decodeRgb(bytes, { maxSidePx: 90 })).toMatchObject({ width: 24, height: 16 });
  });

  test('refuses a picture above the limit before decoding it, with its size', async () => {
    const bytes = await encodeRgb(twoHalves);
    await expect(decodeRgb(bytes, { maxPixels: 383 })).rejects.toThrow(ImageTooLargeError);
    await expect(decodeRgb(bytes, { maxPixels: 383 })).rejects.toThrow('24 x 16 = 384 pixels');
    await expect(decodeRgb(bytes, { maxPixels: 384 })).resolves.toMatchObject({ width: 24 });
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['a page', Buffer.from('<!doctype html><title>Sign in</title>')],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a signature with nothing behind it', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
  ])('refuses %s', async (_, bytes) => {
    await expect(decodeRgb(bytes)).rejects.toThrow(UnreadableImageError);
  });

  test.each(['jpeg', 'png', 'webp'] as const)('refuses a %s that was cut short', async (format) => {
    const noisy = drawn(64, 64, (x, y) => [(x * 37 + y * 91) % 256, (x * y) % 256, (x ^ y) * 4]);
    const bytes = await encodeRgb(noisy, { format });
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    await expect(decodeRgb(half)).rejects.toThrow(UnreadableImageError);
  });
});

test('encodeRgb names a picture whose bytes do not fit its size', async () => {
  const wrong = { width: 5, height: 5, data: new Uint8Array(74) };
  await expect(encodeRgb(wrong)).rejects.toThrow('5 x 5 x 3 = 75 bytes but got 74');
});

test('cropRgb gives the pixels between the edges, right and bottom exclusive', () => {
  const places = drawn(6, 5, (x, y) => [x, y, 0]);
  const part = cropRgb(places, [2, 1, 5, 3]);
  expect([part.width, part.height]).toEqual([3, 2]);
  expect(pixel(part, 0, 0)).toEqual([2, 1, 0]);
  expect(pixel(part, 2, 1)).toEqual([4, 2, 0]);
  expect(cropRgb(places, [0, 0, 6, 5])).toEqual(places);
});
