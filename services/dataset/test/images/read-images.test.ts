import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { type CheckResult, checkDataset } from '../../src/check-dataset.ts';
import { DEFAULT_OPEN_OPTIONS } from '../../src/open-dataset.ts';
import {
  createTestFolder,
  drawnImage,
  IMAGES,
  type TestFolder,
  writeImages,
  writeLists,
} from '../drawn-deepfashion.ts';

let folder: TestFolder;
beforeEach(async () => {
  folder = createTestFolder();
  writeLists(folder);
  await writeImages(folder);
});
afterEach(() => folder.remove());

const LIST = 'Anno/list_category_img.txt';
const OPTIONS = { ...DEFAULT_OPEN_OPTIONS, isDeep: true };

async function check(options: Partial<typeof OPTIONS> = {}): Promise<CheckResult> {
  return checkDataset(folder.path, { ...OPTIONS, ...options });
}

/** `CODE file:line` of the first examples. */
function found({ irregularities }: CheckResult): string[] {
  return irregularities.flatMap(({ code, examples }) =>
    examples.map(({ file, line }) => `${code} ${file}:${line}`),
  );
}

describe('images on the disk', () => {
  test('that are as the lists say are read without a word', async () => {
    const result = await check();
    expect(found(result)).toEqual([]);
    expect(result.imageFolder).toBe(join(folder.path, 'Img'));
  });

  test('that lack are told by the line that names them, and their garments are kept', async () => {
    writeLists(folder);
    folder.remove();
    writeLists(folder);
    const other = IMAGES.slice(1);
    for (const name of other) folder.write(`Img/${name}`, await drawnImage(205, 300));
    const result = await check();
    expect(found(result)).toContain(`IMAGE_MISSING ${LIST}:3`);
    expect(result.counts.images).toBe(4);
  });

  test('that differ in the capitals of their path are found', async () => {
    folder.remove();
    writeLists(folder);
    for (const name of IMAGES)
      folder.write(`img/${name.toUpperCase()}`, await drawnImage(300, 300));
    const codes = (await check()).irregularities.map(({ code, count }) => [code, count]);
    expect(codes).toContainEqual(['NAME_CASE', 4]);
    expect(codes.map(([code]) => code)).not.toContain('IMAGE_MISSING');
  });

  test.each([
    ['no image at all', async () => Buffer.from('<html>404</html>')],
    ['empty', async () => Buffer.alloc(0)],
    ['cut short', async () => (await noise(300, 300)).subarray(0, 20_000)],
    [
      'a drawing',
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
  ])('that are %s are told as unreadable', async (_, content) => {
    folder.write(`Img/${IMAGES[0]}`, await content());
    const result = await check();
    expect(found(result)).toEqual([`IMAGE_UNREADABLE ${LIST}:3`]);
    // Its size is listed, so that the annotation can be kept.
    expect(result.counts.images).toBe(4);
  });

  test('that are cut short pass where only headers are read', async () => {
    folder.write(`Img/${IMAGES[0]}`, (await noise(300, 300)).subarray(0, 20_000));
    expect(found(await check({ isDeep: false }))).toEqual([]);
  });

  test('of one pixel are told as tiny, and their boxes cut to that pixel', async () => {
    folder.write(`Img/${IMAGES[3]}`, await drawnImage(1, 1));
    const codes = (await check()).irregularities.map(({ code }) => code).sort();
    // 20 030 080 290 lies beside the one pixel.
    expect(codes).toEqual(['BOX_EMPTY', 'IMAGE_TINY', 'SIZE_DISAGREES']);
  });

  test.each([
    [300, 205, 'FRAME_SHOWN', 'stored as 300 x 205 with orientation 6; boxes count as shown'],
    [205, 300, 'FRAME_STORED', 'stored as 205 x 300 with orientation 6; boxes count as stored'],
  ])('stored as %d x %d and turned by EXIF are told as %s', async (width, height, code, detail) => {
    const turned = await sharp(await noise(width, height))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    folder.write(`Img/${IMAGES[1]}`, turned);
    const { irregularities } = await check();
    expect(irregularities.map((each) => each.code)).toEqual([code]);
    expect(irregularities[0]?.examples[0]?.detail).toContain(detail);
  });

  test('behind a link that leads where nobody permitted are not read', async () => {
    folder.remove();
    writeLists(folder);
    const outside = createTestFolder();
    try {
      const secret = outside.write('secret.jpg', await drawnImage(300, 300));
      folder.write(`Img/${IMAGES[1]}`, await drawnImage(205, 300));
      folder.write(`Img/${IMAGES[0]}.txt`, '');
      symlinkSync(secret, join(folder.path, 'Img', IMAGES[0]));
      const isPermitted = (path: string) => path.startsWith(folder.path);
      expect(found(await check({ isPermitted }))).toContain(`IMAGE_MISSING ${LIST}:3`);
      expect(found(await check())).not.toContain(`IMAGE_MISSING ${LIST}:3`);
    } finally {
      outside.remove();
    }
  });

  test('may lie in a folder that the caller names', async () => {
    const elsewhere = createTestFolder();
    try {
      elsewhere.write(IMAGES[0], await drawnImage(300, 300));
      const result = await check({ images: elsewhere.path });
      expect(result.imageFolder).toBe(elsewhere.path);
      expect(result.irregularities.map(({ code, count }) => [code, count])).toEqual([
        ['IMAGE_MISSING', 3],
      ]);
    } finally {
      elsewhere.remove();
    }
  });
});

/** A picture that does not compress, so that a part of its file is a part of the picture. */
function noise(width: number, height: number): Promise<Buffer> {
  const noisy = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  return sharp({ create: { width, height, channels: 3, background: 'gray', noise: noisy } })
    .jpeg()
    .toBuffer();
}
