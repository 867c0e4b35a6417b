import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { readPhotoHeader, withPhoto } from '../src/index.ts';
import { withoutPngText } from '../src/png-text.ts';

const HEADER_END = 33;

const flat = () =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: '#a05' } })
    .png()
    .toBuffer();

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(12 + data.length);
  frame.writeUInt32BE(data.length);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 8 + data.length);
  return frame;
}

const packedText = (bytes: number): Buffer =>
  chunk(
    'zTXt',
    Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(bytes, 97))]),
  );

/** A PNG with chunks behind its header, and some before its end. */
function withChunks(png: Buffer, after: readonly Buffer[], before: readonly Buffer[] = []): Buffer {
  const end = png.length - 12;
  return Buffer.concat([
    png.subarray(0, HEADER_END),
    ...after,
    png.subarray(HEADER_END, end),
    ...before,
    png.subarray(end),
  ]);
}

test('text of every kind is taken out wherever it stands, and nothing else', async () => {
  const png = await flat();
  const text = ['tEXt', 'zTXt', 'iTXt'].map((type) => chunk(type, Buffer.from('Comment\0a')));
  const physical = chunk('pHYs', Buffer.alloc(9));
  expect(Buffer.from(withoutPngText(withChunks(png, [...text, physical], text)))).toEqual(
    withChunks(png, [physical]),
  );
});

test('a PNG without text stays the bytes that it is, also where it is cut or lies', async () => {
  const png = await flat();
  const lying = Buffer.concat([png.subarray(0, HEADER_END), Buffer.alloc(20, 255)]);
  for (const bytes of [png, png.subarray(0, 50), png.subarray(0, 8), lying])
    expect(withoutPngText(bytes)).toBe(bytes);
});

test('a PNG that is all text has an end', async () => {
  const png = await flat();
  const cut = withChunks(png, [packedText(1000)]).subarray(0, HEADER_END + 20);
  expect(Buffer.from(withoutPngText(cut))).toEqual(png.subarray(0, HEADER_END));
});

test('100 kB of packed text cost no memory, and the picture is shown', async () => {
  const bomb = withChunks(
    await flat(),
    Array.from({ length: 10 }, () => packedText(10_000_000)),
  );
  expect(bomb.length).toBeLessThan(150_000);
  const header = await readPhotoHeader(bomb);
  expect([header.width, header.comments]).toEqual([64, undefined]);
  expect(await withPhoto(bomb, {}, ({ decode }) => decode().raw().toBuffer())).toHaveLength(
    64 * 64 * 3,
  );
});
