import { describe, expect, test } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { boxImage, wholeImage } from '../src/garment-images.ts';

const LIMITS = { maxPixels: 1_000_000, maxSidePx: 256, minSidePx: 32 };

const plain = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#2040c0' } });

/** Left half red, right half blue. */
async function halves(width: number, height: number): Promise<Sharp> {
  const right = { width: width / 2, height, channels: 3, background: '#0000ff' } as const;
  const red = sharp({ create: { width, height, channels: 3, background: '#ff0000' } });
  const blue = await sharp({ create: right }).png().toBuffer();
  return red.composite([{ input: blue, left: width / 2, top: 0 }]);
}

async function meanOf(bytes: Uint8Array): Promise<number[]> {
  return (await sharp(bytes).stats()).channels.map(({ mean }) => Math.round(mean));
}

describe('a whole photograph as a garment', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('a plain %s is used as it is', async (format) => {
    const bytes = await plain(100, 200).toFormat(format).toBuffer();
    const image = await wholeImage(bytes, LIMITS);
    expect(image).toMatchObject({ encoded: null, widthPx: 100, heightPx: 200 });
    expect(image.thumbnail.data).toHaveLength(image.thumbnail.width * image.thumbnail.height * 3);
  });

  test('a grey photograph gives a thumbnail in colour', async () => {
    const bytes = await plain(100, 100).greyscale().jpeg().toBuffer();
    const { encoded, thumbnail } = await wholeImage(bytes, LIMITS);
    expect(encoded).toBeNull();
    expect(thumbnail.data).toHaveLength(thumbnail.width * thumbnail.height * 3);
  });

  test('one that is stored lying is set upright', async () => {
    const bytes = await plain(200, 100).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { encoded, widthPx, heightPx } = await wholeImage(bytes, LIMITS);
    expect({ widthPx, heightPx }).toEqual({ widthPx: 100, heightPx: 200 });
    expect((await sharp(encoded?.bytes).metadata()).orientation).toBeUndefined();
  });

  test('a transparent background becomes white', async () => {
    const clear = { width: 50, height: 50, channels: 4, background: '#00000000' } as const;
    const { encoded } = await wholeImage(await sharp({ create: clear }).png().toBuffer(), LIMITS);
    expect(encoded?.contentType).toBe('image/jpeg');
    expect(await meanOf(encoded?.bytes ?? new Uint8Array())).toEqual([255, 255, 255]);
  });

  test('a large one is scaled down, its sides in proportion', async () => {
    const bytes = await plain(900, 600).jpeg().toBuffer();
    const image = await wholeImage(bytes, LIMITS);
    expect(image).toMatchObject({ widthPx: 256, heightPx: 171 });
    expect(await sharp(image.encoded?.bytes).metadata()).toMatchObject({ width: 256 });
  });

  test('the same bytes give the same image', async () => {
    const bytes = await (await halves(600, 400)).jpeg().toBuffer();
    expect(await wholeImage(bytes, LIMITS)).toEqual(await wholeImage(bytes, LIMITS));
  });

  test.each([
    ['what is no image', async () => Buffer.from('<html>not found</html>')],
    ['a JPEG cut short', async () => (await plain(300, 300).jpeg().toBuffer()).subarray(0, 800)],
    ['more pixels than allowed', () => plain(1100, 1000).png().toBuffer()],
  ])('%s is refused as unreadable', async (_, bytes) => {
    await expect(wholeImage(await bytes(), LIMITS)).rejects.toMatchObject({
      reason: 'PHOTO_UNREADABLE',
    });
  });
});

describe('a detected garment', () => {
  test('is cut where its box lies', async () => {
    const bytes = await (await halves(400, 200)).png().toBuffer();
    const image = await boxImage(bytes, [240, 20, 340, 120], 'upper', LIMITS);
    expect(image).toMatchObject({ widthPx: 112, heightPx: 109 });
    const [red, , blue] = await meanOf(image?.encoded?.bytes ?? new Uint8Array());
    expect(red).toBeLessThan(5);
    expect(blue).toBeGreaterThan(250);
  });

  test('is cut from the photograph as it is shown, not as it is stored', async () => {
    // Shown, the red half is on top: the photograph was stored turned by 90 degrees.
    const stored = (await halves(400, 200)).withMetadata({ orientation: 6 });
    const bytes = await sharp(await stored.png().toBuffer())
      .keepMetadata()
      .png()
      .toBuffer();
    const image = await boxImage(bytes, [50, 40, 150, 140], 'other', LIMITS);
    const [red, , blue] = await meanOf(image?.encoded?.bytes ?? new Uint8Array());
    expect(red).toBeGreaterThan(250);
    expect(blue).toBeLessThan(5);
  });

  test('outside of the photograph there is none', async () => {
    const bytes = await plain(100, 100).jpeg().toBuffer();
    expect(await boxImage(bytes, [150, 0, 250, 100], 'upper', LIMITS)).toBeNull();
  });
});
