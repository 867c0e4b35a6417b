import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { decodeRgb, readPhotoHeader } from '../src/index.ts';
import { MAX_PICTURES } from '../src/refuse-many-parts.ts';

const START = Buffer.from('GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
/** 2 x 2 pixels: clear, four times color 1, end. */
const PICTURE = Buffer.from('2c00000000020002000002020c0a00', 'hex');
const END = Buffer.from(';');

const repeated = (count: number, part: Buffer): Buffer => Buffer.alloc(count * part.length, part);
const gif = (...blocks: readonly Buffer[]): Buffer => Buffer.concat([START, ...blocks, END]);
const extension = (hex: string): Buffer => Buffer.from(`21${hex}`, 'hex');

/** With a table of colors of its own. */
const COLORFUL = Buffer.concat([
  PICTURE.subarray(0, 9),
  Buffer.from([0x80, 0, 0, 0, 9, 9, 9]),
  PICTURE.subarray(10),
]);

/** 4 x 4 pixels, each picture darker than the one before. */
const animation = (format: 'gif' | 'webp', pictures: number) =>
  sharp(
    Buffer.concat(
      Array.from({ length: pictures }, (_, place) => Buffer.alloc(48, 200 - place * 9)),
    ),
    { raw: { width: 4, height: 4 * pictures, channels: 3, pageHeight: 4 } },
  )
    [format]({ lossless: true })
    .toBuffer();

/** Of a WebP with two different pictures, the second one so often. */
async function longWebp(times: number): Promise<Buffer> {
  const short = await animation('webp', 2);
  const second = short.subarray(short.lastIndexOf('ANMF'));
  const long = Buffer.concat([short, repeated(times - 1, second)]);
  long.writeUInt32LE(long.length - 8, 4);
  return long;
}

const PARTS: readonly [string, Buffer][] = [
  ['as they are', PICTURE],
  ['with colors of their own', COLORFUL],
  ['behind delays', Buffer.concat([extension('f904000a000000'), PICTURE])],
  ['behind comments', Buffer.concat([extension('fe03616263016100'), PICTURE])],
  ['behind empty comments', Buffer.concat([extension('fe00'), PICTURE])],
  ['behind text', Buffer.concat([extension(`010c${'00'.repeat(12)}016100`), PICTURE])],
  ['behind an extension that begins empty', Buffer.concat([extension('4200016100'), PICTURE])],
];

test.each(PARTS)('a GIF is walked as its decoder does: pictures %s', async (_, part) => {
  const few = gif(repeated(3, part));
  expect((await sharp(few, { pages: -1 }).metadata()).pages).toBe(3);
  expect(await readPhotoHeader(few)).toMatchObject({ width: 2, height: 2 });
  expect((await readPhotoHeader(gif(repeated(MAX_PICTURES, part)))).pages).toBe(MAX_PICTURES);
  const long = gif(repeated(MAX_PICTURES + 1, part));
  await expect(readPhotoHeader(long)).rejects.toMatchObject({ code: 'UNREADABLE_IMAGE' });
  await expect(decodeRgb(long)).rejects.toThrow(`more than ${MAX_PICTURES} pictures`);
});

test('a WebP of more pictures is refused, also as a file', async () => {
  expect((await readPhotoHeader(await longWebp(MAX_PICTURES - 1))).pages).toBe(MAX_PICTURES);
  const long = await longWebp(MAX_PICTURES);
  await expect(readPhotoHeader(long)).rejects.toThrow(`more than ${MAX_PICTURES} pictures`);
  const folder = await mkdtemp(join(tmpdir(), 'animations-'));
  try {
    const path = join(folder, 'a.webp');
    await writeFile(path, long);
    await expect(readPhotoHeader(path)).rejects.toThrow(`more than ${MAX_PICTURES} pictures`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each(['gif', 'webp'] as const)(
  'of an honest %s the first picture is taken',
  async (format) => {
    const bytes = await animation(format, 12);
    expect((await readPhotoHeader(bytes)).pages).toBe(12);
    const { width, height, data } = await decodeRgb(bytes);
    expect([width, height, data[0]]).toEqual([4, 4, 200]);
  },
);

test.each([
  ['cut in its header', START.subarray(0, 8)],
  ['cut in a picture', gif(PICTURE).subarray(0, 24)],
  ['with blocks of no kind', gif(Buffer.from([7, 7, 7]))],
])('a GIF that is %s has an end', async (_, bytes) => {
  await expect(readPhotoHeader(bytes)).rejects.toMatchObject({ code: 'UNREADABLE_IMAGE' });
});
