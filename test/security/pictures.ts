import { type PngHeader, pngFile } from '@deepstyle/testkit';
import type { Random } from '@deepstyle/vision';
import sharp from 'sharp';
import { integer } from './input.ts';

const SIDE_PX = 16;

/** Rows of a PNG, 8 bits a sample: each with its filter before it. */
function drawnRows(random: Random): Buffer {
  const rows = Buffer.alloc(SIDE_PX * (1 + SIDE_PX * 3));
  for (let at = 0; at < rows.length; at += 1) {
    rows[at] = at % (1 + SIDE_PX * 3) === 0 ? 0 : Math.floor(random() * 256);
  }
  return rows;
}

/**
 * A small photograph like no other.
 * @param others further chunks, by their types
 */
export function drawnPng(random: Random, others: Parameters<typeof pngFile>[2] = []): Buffer {
  const header = { widthPx: SIDE_PX, heightPx: SIDE_PX, depth: 8, color: 2 };
  return pngFile(header, drawnRows(random), others);
}

export type Format = 'jpeg' | 'webp' | 'gif' | 'avif';

/** The same in another format, larger. */
export function drawnPicture(random: Random, format: Format, sidePx = 48): Promise<Buffer> {
  return sharp(drawnPng(random))
    .resize(sidePx, sidePx, { kernel: 'nearest' })
    .toFormat(format)
    .toBuffer();
}

/** An AVIF whose header says another size than its picture has. */
export async function avifThatSays(random: Random, widthPx: number, heightPx: number) {
  const bytes = await drawnPicture(random, 'avif');
  // ISO/IEC 23008-12, "ImageSpatialExtentsProperty": four bytes of version before the size.
  const at = bytes.indexOf('ispe') + 8;
  bytes.writeUInt32BE(widthPx, at);
  bytes.writeUInt32BE(heightPx, at + 4);
  return bytes;
}

/** A GIF whose frame says another size than its picture has; what the canvas says does not count. */
export async function gifThatSays(random: Random, widthPx: number, heightPx: number) {
  const bytes = await drawnPicture(random, 'gif');
  // "Image Descriptor": its mark and place before the size.
  const at = bytes.indexOf(Buffer.from([0x2c, 0, 0, 0, 0])) + 5;
  bytes.writeUInt16LE(widthPx, at);
  bytes.writeUInt16LE(heightPx, at + 2);
  return bytes;
}

/**
 * A PNG of one color: small, and as large as its header says once it is decoded.
 * @param rows that it has, where they are fewer than its header says
 */
export function flatPng(
  header: PngHeader,
  rows = header.heightPx,
  others: Parameters<typeof pngFile>[2] = [],
): Buffer {
  const { widthPx, depth = 8 } = header;
  const rowBytes = 1 + (widthPx * depth * 3) / 8;
  return pngFile({ depth, color: 2, ...header }, new Uint8Array(rowBytes * rows), others);
}

/** Bytes after the middle are others. */
export function corrupted(random: Random, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  for (let at = Math.floor(bytes.length / 2); at < bytes.length; at += 1) {
    changed[at] = integer(random, 0, 255);
  }
  return changed;
}

/** What follows a picture is not decoded. */
export function lengthened(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
}
