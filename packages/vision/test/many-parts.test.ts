import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { createRandom, decodeRgb, readPhotoHeader } from '../src/index.ts';
import { PARTS_OF, type PartedFormat } from '../src/picture-parts.ts';
import { MAX_PARTS, refuseManyParts } from '../src/refuse-many-parts.ts';

const FORMATS: readonly PartedFormat[] = ['jpeg', 'png', 'gif', 'webp'];
const SIDE = 64;

const picture = () =>
  sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: '#a05' } });
const noise = (side: number) =>
  sharp(randomBytes(side * side * 3, 5), { raw: { width: side, height: side, channels: 3 } });

function randomBytes(count: number, seed: number): Buffer {
  const random = createRandom(seed);
  return Buffer.from(Uint8Array.from({ length: count }, () => random() * 256));
}

const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
const repeated = (count: number, part: Buffer): Buffer => Buffer.alloc(count * part.length, part);
const inserted = (bytes: Buffer, at: number, more: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);

function pngChunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(12 + data.length);
  frame.writeUInt32BE(data.length);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 8 + data.length);
  return frame;
}

/** A WebP that may hold chunks of any kind. */
function extendedWebp(webp: Buffer, more: Buffer): Buffer {
  const header = Buffer.alloc(18);
  header.write('VP8X');
  header.writeUInt32LE(10, 4);
  header.writeUIntLE(SIDE - 1, 12, 3);
  header.writeUIntLE(SIDE - 1, 15, 3);
  const bytes = Buffer.concat([webp.subarray(0, 12), header, webp.subarray(12), more]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  return bytes;
}

/** Where the second scan of a progressive JPEG begins, or the tables for it. */
function behindFirstScan(jpeg: Buffer): number {
  const scan = jpeg.indexOf(hex('ffda'));
  for (let at = scan + 2; ; at++) {
    const [first, second = 0] = jpeg.subarray(at, at + 2);
    if (first === 0xff && second > 0) return at;
  }
}

const PNG_HEADER_END = 33;
const PNG_END_BYTES = 12;

const atStart = (part: string) => async (count: number) =>
  inserted(await picture().jpeg().toBuffer(), 2, repeated(count, hex(part)));

interface Kind {
  readonly what: string;
  readonly format: PartedFormat;
  readonly draw: (count: number) => Promise<Buffer>;
}

const KINDS: readonly Kind[] = [
  { what: 'empty segments APP1', format: 'jpeg', draw: atStart('ffe10002') },
  { what: 'segments APP1 of one byte', format: 'jpeg', draw: atStart('ffe1000361') },
  { what: 'empty segments APP2', format: 'jpeg', draw: atStart('ffe20002') },
  { what: 'empty segments APP13', format: 'jpeg', draw: atStart('ffed0002') },
  { what: 'empty comments', format: 'jpeg', draw: atStart('fffe0002') },
  { what: 'segments with debris between them', format: 'jpeg', draw: atStart('ffe1000200ff00ff') },
  {
    what: 'segments between its scans',
    format: 'jpeg',
    draw: async (count) => {
      const jpeg = await picture().jpeg({ progressive: true }).toBuffer();
      return inserted(jpeg, behindFirstScan(jpeg), repeated(count, hex('ffe1000361')));
    },
  },
  {
    what: 'empty chunks of no kind',
    format: 'png',
    draw: async (count) =>
      inserted(await picture().png().toBuffer(), PNG_HEADER_END, repeated(count, pngChunk('teSt'))),
  },
  {
    what: 'empty chunks of text',
    format: 'png',
    draw: async (count) =>
      inserted(await picture().png().toBuffer(), PNG_HEADER_END, repeated(count, pngChunk('tEXt'))),
  },
  {
    what: 'empty chunks before its end',
    format: 'png',
    draw: async (count) => {
      const png = await picture().png().toBuffer();
      return inserted(png, png.length - PNG_END_BYTES, repeated(count, pngChunk('teSt')));
    },
  },
  {
    what: 'empty chunks of no kind',
    format: 'webp',
    draw: async (count) =>
      extendedWebp(await picture().webp().toBuffer(), repeated(count, hex('6162636400000000'))),
  },
  {
    what: 'empty comments',
    format: 'gif',
    draw: (count) => gifWith(repeated(count, hex('21fe00'))),
  },
  {
    what: 'extensions without data',
    format: 'gif',
    draw: (count) => gifWith(repeated(count, hex('21ff0000'))),
  },
  {
    what: 'blocks of one byte',
    format: 'gif',
    draw: (count) => gifWith(Buffer.concat([hex('21fe'), repeated(count, hex('0161')), hex('00')])),
  },
];

async function gifWith(blocks: Buffer): Promise<Buffer> {
  const gif = await noise(SIDE).gif().toBuffer();
  // Behind its table of colors, which has three bytes for each.
  return inserted(gif, 13 + 3 * 2 ** ((gif[10]! & 7) + 1), blocks);
}

describe('a file of many parts', () => {
  test.each(KINDS)('is refused by name: $format, $what', async ({ format, draw }) => {
    const hostile = await draw(MAX_PARTS[format] + 1);
    for (const read of [readPhotoHeader, decodeRgb]) {
      const refused = read(hostile);
      await expect(refused).rejects.toMatchObject({ code: 'UNREADABLE_IMAGE' });
      await expect(refused).rejects.toThrow(`more than ${MAX_PARTS[format]} parts`);
    }
  });

  test.each(KINDS)('of which there are few is a picture: $format, $what', async ({ draw }) => {
    expect(await decodeRgb(await draw(50))).toMatchObject({ width: SIDE, height: SIDE });
  });

  test('inside a picture of a WebP it is refused too', async () => {
    const inside = Buffer.concat([hex('414e4d46'), Buffer.alloc(20)]);
    const chunks = repeated(MAX_PARTS.webp, hex('6162636400000000'));
    inside.writeUInt32LE(16 + chunks.length, 4);
    const webp = extendedWebp(await picture().webp().toBuffer(), Buffer.concat([inside, chunks]));
    expect(() => refuseManyParts('webp', webp)).toThrow(`more than ${MAX_PARTS.webp} parts`);
  });
});

/** Its size, and its pixels as text: to compare that takes no time. */
async function shown(bytes: Buffer): Promise<readonly [number, string]> {
  const { width, data } = await decodeRgb(bytes);
  return [width, Buffer.from(data).toString('base64')];
}

describe('an honest file', () => {
  test('may be a PNG in as many chunks as one of 256 MB has', async () => {
    const png = await noise(210).png({ compressionLevel: 1 }).toBuffer();
    const start = png.indexOf('IDAT') - 4;
    const data: Buffer[] = [];
    for (let at = start; png.toString('latin1', at + 4, at + 8) === 'IDAT'; ) {
      const bytes = png.readUInt32BE(at);
      data.push(png.subarray(at + 8, at + 8 + bytes));
      at += 12 + bytes;
    }
    const packed = Buffer.concat(data);
    const pieces = Array.from({ length: Math.ceil(packed.length / 4) }, (_, n) =>
      pngChunk('IDAT', packed.subarray(n * 4, (n + 1) * 4)),
    );
    expect(pieces.length).toBeGreaterThan(31_000);
    const inPieces = Buffer.concat([png.subarray(0, start), ...pieces, pngChunk('IEND')]);
    expect(await shown(inPieces)).toEqual(await shown(png));
  });

  test.each([false, true])(
    'may be a JPEG with a profile, EXIF, XMP in 100 segments, an older picture and a film behind its end; progressive: %s',
    async (progressive) => {
      const older = await picture().jpeg().toBuffer();
      const jpeg = await noise(SIDE)
        .withExif({ IFD0: { Artist: 'Nora K' } })
        .withIccProfile('p3')
        .jpeg({ progressive })
        .toBuffer();
      const segment = (marker: number, data: Buffer) =>
        Buffer.concat([hex(`ff${marker.toString(16)}`), lengthOf(data), data]);
      const xmp = Buffer.concat([
        Buffer.from('http://ns.adobe.com/xmp/extension/\0'),
        Buffer.alloc(65_000, 'x'),
      ]);
      const segments = [
        ...Array.from({ length: 100 }, () => segment(0xe1, xmp)),
        segment(0xed, older),
      ];
      const film = repeated(50_000, Buffer.concat([hex('ffe10002'), randomBytes(16, 3)]));
      const whole = Buffer.concat([inserted(jpeg, 2, Buffer.concat(segments)), film]);
      expect(await shown(whole)).toEqual(await shown(jpeg));
    },
  );

  test('may have zeros behind its end', async () => {
    for (const format of FORMATS) {
      const bytes = await picture().toFormat(format).toBuffer();
      const longer = Buffer.concat([bytes, Buffer.alloc(2_000_000)]);
      expect(await readPhotoHeader(longer)).toMatchObject({ width: SIDE, format });
    }
  });

  test('may be a GIF that says much of itself', async () => {
    const text = repeated(20_000, Buffer.from(' <rdf:li>of a season</rdf:li>'));
    // What reads it as blocks is led to its end from anywhere.
    const end = Buffer.from([1, ...Array.from({ length: 256 }, (_, n) => 255 - n), 0]);
    const xmp = Buffer.concat([hex('21ff0b'), Buffer.from('XMP DataXMP'), text, end]);
    expect(await decodeRgb(await gifWith(xmp))).toMatchObject({ width: SIDE, height: SIDE });
  });
});

/** The length of a segment, which counts its own two bytes. */
function lengthOf(data: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(2 + data.length);
  return length;
}

test.each(FORMATS)(
  'a walk over a spliced %s ends, with a part for a byte at most',
  async (format) => {
    const bytes = await noise(16).toFormat(format).toBuffer();
    const place = fc.nat({ max: bytes.length });
    fc.assert(
      fc.property(place, place, place, fc.nat({ max: 12 }), (cut, from, to, length) => {
        const piece = bytes.subarray(from, from + 1 + length);
        const spliced = Buffer.concat([
          bytes.subarray(0, cut),
          ...Array.from({ length: 20 }, () => piece),
          bytes.subarray(to),
        ]);
        let parts = 0;
        for (const _ of PARTS_OF[format](spliced)) {
          parts += 1;
          // A walk without end would not come back.
          if (parts > spliced.length) return false;
        }
        return true;
      }),
    );
  },
);
