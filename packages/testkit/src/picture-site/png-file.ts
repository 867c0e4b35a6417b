import { crc32, deflateSync } from 'node:zlib';

export interface PngHeader {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Bits of a sample; by default 1. */
  readonly depth?: number;
  /** 0: gray, 2: RGB; by default gray. */
  readonly color?: number;
  readonly interlaced?: boolean;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A PNG of exactly this header and these bytes, whether they fit each other or not.
 * @param rows each row with the byte of its filter before it
 * @param others chunks before the rows, by their types
 */
export function pngFile(
  { widthPx, heightPx, depth = 1, color = 0, interlaced = false }: PngHeader,
  rows: Uint8Array,
  others: readonly (readonly [type: string, data: Uint8Array])[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([depth, color, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...others.map(([type, data]) => chunk(type, data)),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
