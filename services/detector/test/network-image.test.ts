import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { networkImage } from '../src/network-image.ts';
import { drawImage } from './drawn-dataset.ts';

const network = { width: 64, height: 64 };
const solid = (background: string, channels: 3 | 4 = 3) =>
  sharp({ create: { width: 40, height: 20, channels, background } });

describe('a photograph as the network sees it', () => {
  test('is upright', async () => {
    // Orientation 6: to be turned by a quarter.
    const bytes = await solid('#f00').jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect((await networkImage(bytes, network)).photo).toMatchObject({ width: 20, height: 40 });
  });

  test('is opaque, on white', async () => {
    const bytes = await solid('rgba(0, 0, 0, 0)', 4).png().toBuffer();
    expect([...(await networkImage(bytes, network)).image.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  test('has three channels where it is grey', async () => {
    const bytes = await solid('#777').toColourspace('b-w').png().toBuffer();
    const { image } = await networkImage(bytes, network);
    expect(image).toHaveLength(64 * 64 * 3);
    expect([...image.subarray(0, 3)]).toEqual([0x77, 0x77, 0x77]);
  });
});

describe('what is no photograph', () => {
  test.each([
    ['empty', async () => new Uint8Array()],
    ['text', async () => new TextEncoder().encode('not an image')],
    ['cut short', async () => (await drawImage(1)).png.subarray(0, 120)],
  ])('is refused: %s', async (_, bytes) => {
    await expect(networkImage(await bytes(), network)).rejects.toMatchObject({
      reason: 'UNREADABLE_PHOTO',
    });
  });

  test('is one with more pixels than are allowed', async () => {
    const bytes = await solid('#f00').png().toBuffer();
    await expect(networkImage(bytes, network, 799)).rejects.toThrow(/more than the limit/);
  });
});
