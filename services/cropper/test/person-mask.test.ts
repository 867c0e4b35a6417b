import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger, readSettings } from '@deepstyle/platform';
import { describeWithPose, drawScenes, POSE_NETWORKS, temporaryFolder } from '@deepstyle/testkit';
import { describe, expect, test } from '@jest/globals';
import { CROPPER_SETTINGS } from '../src/config.ts';
import { hexOf, lookOf } from '../src/garment-look.ts';
import { type PersonMask, weightsInCrop } from '../src/person-mask.ts';
import { createPersonMasks } from '../src/person-masks.ts';

/** A person in the left half of the photograph. */
const leftHalf: PersonMask = {
  side: 4,
  shares: Float32Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 0.9 : 0.1)),
};
const photo = { width: 400, height: 200 };

describe('of a crop', () => {
  test('those pixels count that show the person, wherever it was cut', () => {
    const crop = { width: 4, height: 2 };
    const inMiddle = weightsInCrop(leftHalf, [100, 50, 300, 150], photo, crop);
    expect(Array.from(inMiddle ?? [])).toEqual([1, 1, 0, 0, 1, 1, 0, 0]);
    const atLeft = weightsInCrop(leftHalf, [0, 0, 200, 200], photo, crop);
    expect(Array.from(atLeft ?? [])).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test('nothing is said where hardly any of it shows the person', () => {
    const crop = { width: 10, height: 10 };
    expect(weightsInCrop(leftHalf, [201, 0, 400, 200], photo, crop)).toBeNull();
  });

  test('the colours are those of the person, even where the street has more of the crop', () => {
    // Stripes to the border: by colours alone garment and background cannot be told apart.
    const [width, height] = [40, 40];
    const data = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i++) {
      const street = i % 2 === 0 ? [20, 60, 160] : [200, 200, 60];
      data.set(i % width < 10 ? [160, 140, 110] : street, i * 3);
    }
    const weights = Float32Array.from({ length: width * height }, (_, i) =>
      i % width < 10 ? 1 : 0,
    );
    const { palette } = lookOf({ width, height, data }, weights);
    expect(palette.map(hexOf)).toEqual(['#a08c6e']);
  });
});

function masksFrom(poseFolder: string) {
  const settings = { ...readSettings(CROPPER_SETTINGS, {}), poseFolder };
  return createPersonMasks({ settings, logger: createLogger({ level: 'silent', name: 'test' }) });
}

test('without the network of masks there is none, and colours are told as for any crop', async () => {
  const masks = masksFrom('/nowhere');
  expect(await masks.maskOf(new Uint8Array())).toBeNull();
  await masks.close();
});

test('a network that cannot be read for the moment is tried again', async () => {
  await using folder = await temporaryFolder('cropper-masks');
  const files = ['selfie.json', 'selfie.bin'].map((name) => join(folder.path, name));
  for (const file of files) await mkdir(file);
  const masks = masksFrom(folder.path);
  await expect(masks.maskOf(new Uint8Array())).rejects.toMatchObject({ code: 'EISDIR' });
  for (const file of files) await rmdir(file);
  expect(await masks.maskOf(new Uint8Array())).toBeNull();
  await masks.close();
});

describeWithPose('the network of masks', () => {
  test('tells a drawn person from what is around it', async () => {
    const shape = { widthPx: 384, heightPx: 512 };
    const { photos } = await drawScenes({ ...shape, seed: 3, perSeason: 8, seasons: ['FW2019'] });
    const masks = masksFrom(POSE_NETWORKS);
    const mask = await masks.maskOf(photos[0]?.bytes as Uint8Array);
    await expect(masks.maskOf(Buffer.from('no photograph'))).rejects.toMatchObject({
      reason: 'PHOTO_UNREADABLE',
    });
    await masks.close();
    const shares = Array.from(mask?.shares ?? []);
    expect(shares).toHaveLength(256 * 256);
    const shown = shares.filter((share) => share >= 0.5).length / shares.length;
    expect(shown).toBeGreaterThan(0.02);
    expect(shown).toBeLessThan(0.7);
  }, 120_000);
});
