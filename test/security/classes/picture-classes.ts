import { deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '@deepstyle/vision';
import { type ClassOf, type Draw, integer, letters, oneOf, type SourceInput } from '../input.ts';
import {
  avifThatSays,
  corrupted,
  drawnPicture,
  drawnPng,
  type Format,
  flatPng,
  gifThatSays,
} from '../pictures.ts';
import { type Answer, html, picture, trickling } from '../site.ts';

const PHOTOGRAPH = 'services/scraper/src/photograph.ts';
const BUDGET = 'packages/vision/src/decode-bytes.ts';
const REQUEST = 'services/scraper/src/http/request.ts';
/** Each tried again once. */
const MAX_VISITS = 8;
const FORMATS: readonly Format[] = ['jpeg', 'webp', 'gif', 'avif'];
const WHOLE: readonly Format[] = ['jpeg', 'webp', 'avif'];

/** A page that shows one picture. */
function shown({ origin, mark }: Draw, answer: Answer, ...codes: readonly string[]): SourceInput {
  const expected =
    codes.length === 0
      ? [{ photos: 1, codes: [] }]
      : codes.map((code) => ({ photos: 0, codes: [code] }));
  return {
    source: { url: `${origin}/${mark}/` },
    answers: { [`/${mark}/`]: html('<img src="photo">'), [`/${mark}/photo`]: answer },
    expected,
    maxVisits: MAX_VISITS,
  };
}

const bytes = (body: Uint8Array): Answer => picture(body);
const honestOf = async (draw: Draw, formats: readonly Format[]): Promise<SourceInput> =>
  shown(draw, bytes(await drawnPicture(draw.random, oneOf(draw.random, formats))));

/** Sides that are more than 50 megapixels together. */
function hugeSides(random: Random, max: number): [widthPx: number, heightPx: number] {
  const widthPx = integer(random, Math.ceil(60_000_000 / max), max);
  return [widthPx, integer(random, Math.ceil(60_000_000 / widthPx), max)];
}

/** Interlaced ones of 16 bits, each like no other; decoded at once they take as much memory as there is. */
function interlaced(draw: Draw, count: number, widthPx: number, heightPx: number): SourceInput {
  const { origin, mark, random } = draw;
  const header = { widthPx, heightPx, depth: 16, interlaced: true };
  // Each pass has rows of its own, and each row a byte for its filter.
  const rows = heightPx + 10;
  const names = Array.from({ length: count }, (_, n) => `${n}.png`);
  const pictures = names.map(() => [['tEXt', Buffer.from(`a\0${letters(random, 9)}`)]] as const);
  return {
    source: { url: `${origin}/${mark}/` },
    answers: {
      [`/${mark}/`]: html(names.map((name) => `<img src="${name}">`).join('')),
      ...Object.fromEntries(
        names.map((name, n) => [`/${mark}/${name}`, bytes(flatPng(header, rows, pictures[n]))]),
      ),
    },
    expected: [{ photos: count, codes: [] }],
    maxVisits: count * 2 + 4,
    isAlone: true,
  };
}

const SIZES: readonly ClassOf<'source'>[] = [
  {
    door: 'source',
    name: 'PNG of huge sides',
    guard: 'packages/vision/src/open-photo.ts',
    hostile: (draw) => {
      const [widthPx, heightPx] = hugeSides(draw.random, 60_000);
      return shown(draw, bytes(flatPng({ widthPx, heightPx }, 10)), 'TOO_LARGE');
    },
    honest: (draw) => {
      const widthPx = integer(draw.random, 16, 3000);
      const heightPx = integer(draw.random, 16, 2000);
      return shown(draw, bytes(flatPng({ widthPx, heightPx })));
    },
  },
  {
    door: 'source',
    name: 'many interlaced PNG of 16 bits',
    guard: 'packages/vision/src/memory-budget.ts',
    hostile: (draw) =>
      draw.number === 0 ? interlaced(draw, 6, 6000, 5000) : interlaced(draw, 3, 1000, 1000),
    honest: (draw) =>
      interlaced(draw, 1, integer(draw.random, 16, 300), integer(draw.random, 16, 300)),
  },
  {
    door: 'source',
    name: 'AVIF of many pixels',
    guard: BUDGET,
    hostile: async (draw) => {
      const widthPx = integer(draw.random, 6500, 7000);
      return shown(draw, bytes(await avifThatSays(draw.random, widthPx, 7000)), 'TOO_LARGE');
    },
    honest: (draw) => honestOf(draw, ['avif']),
  },
  {
    door: 'source',
    name: 'animation of a huge canvas',
    guard: 'packages/vision/src/open-photo.ts',
    hostile: async (draw) => {
      const [widthPx, heightPx] = hugeSides(draw.random, 65_535);
      return shown(draw, bytes(await gifThatSays(draw.random, widthPx, heightPx)), 'TOO_LARGE');
    },
    honest: (draw) => honestOf(draw, ['gif']),
  },
];

const POLYGLOTS: readonly string[] = [
  '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
  '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
  '<!doctype html><title>Sign in</title>',
  '%PDF-1.7\n1 0 obj',
  '\u007fELF\u0002\u0001',
  '#!/bin/sh\nid',
  '{"url": "http://127.0.0.1/"}',
];

/** A comment before the end of a JPEG, where a program may stand. */
function withComment(jpeg: Buffer, comment: string): Buffer {
  const segment = Buffer.alloc(4);
  segment.writeUInt16BE(0xfffe, 0);
  segment.writeUInt16BE(comment.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, Buffer.from(comment), jpeg.subarray(2)]);
}

const CONTENTS: readonly ClassOf<'source'>[] = [
  {
    door: 'source',
    name: 'picture that is cut short',
    guard: PHOTOGRAPH,
    hostile: async (draw) => {
      const whole = await drawnPicture(draw.random, oneOf(draw.random, WHOLE));
      const part = whole.subarray(0, integer(draw.random, 30, Math.floor(whole.length * 0.8)));
      return shown(draw, bytes(part), 'TRUNCATED', 'NOT_AN_IMAGE');
    },
    honest: (draw) => honestOf(draw, FORMATS),
  },
  {
    door: 'source',
    name: 'picture that is spoiled',
    guard: PHOTOGRAPH,
    hostile: (draw) =>
      shown(draw, bytes(corrupted(draw.random, drawnPng(draw.random))), 'TRUNCATED'),
    honest: (draw) => shown(draw, bytes(drawnPng(draw.random))),
  },
  {
    door: 'source',
    name: 'program that is called a picture',
    guard: 'packages/vision/src/photo-format.ts',
    hostile: (draw) => {
      const text = `${oneOf(draw.random, POLYGLOTS)}${letters(draw.random, 200)}`;
      return shown(draw, picture(Buffer.from(text), 'image/jpeg'), 'NOT_AN_IMAGE');
    },
    honest: (draw) => shown(draw, picture(drawnPng(draw.random), 'application/octet-stream')),
  },
  {
    door: 'source',
    name: 'picture that is a program too',
    guard: PHOTOGRAPH,
    // It is a picture, and never anything else: what it holds beside is not looked at.
    hostile: async (draw) => {
      const jpeg = await drawnPicture(draw.random, 'jpeg');
      const both = oneOf(draw.random, [
        withComment(jpeg, '<script>alert(1)</script>'),
        Buffer.concat([jpeg, Buffer.from('PK\u0003\u0004<html><script>1</script>')]),
        withComment(jpeg, '*/=alert(1)/*'),
      ]);
      return shown(draw, picture(both, 'text/html'));
    },
    honest: async (draw) =>
      shown(draw, bytes(withComment(await drawnPicture(draw.random, 'jpeg'), 'Nora K'))),
  },
  {
    door: 'source',
    name: 'picture that its decoder warns of',
    guard: 'packages/vision/src/open-photo.ts',
    hostile: async (draw) => {
      const jpeg = await drawnPicture(draw.random, 'jpeg');
      // Bytes between its segments: a warning, and no end of the picture.
      const junk = Buffer.alloc(integer(draw.random, 1, 40), 0x11);
      return shown(draw, bytes(Buffer.concat([jpeg.subarray(0, 20), junk, jpeg.subarray(20)])));
    },
    honest: (draw) => honestOf(draw, ['jpeg']),
  },
  {
    door: 'source',
    name: 'text that is packed in a PNG',
    guard: 'packages/vision/src/open-photo.ts',
    hostile: (draw) => {
      const packed = deflateSync(Buffer.alloc(integer(draw.random, 20, 60) * 1_000_000));
      const kind = oneOf(draw.random, ['zTXt', 'iCCP']);
      const chunk = Buffer.concat([Buffer.from('name\0\0'), packed]);
      return {
        ...shown(draw, bytes(drawnPng(draw.random, [[kind, chunk]]))),
        expected: [
          { photos: 1, codes: [] },
          { photos: 0, codes: ['TRUNCATED'] },
        ],
      };
    },
    honest: (draw) => {
      const chunk = Buffer.concat([Buffer.from('name\0\0'), deflateSync(Buffer.from('Nora K'))]);
      return shown(draw, bytes(drawnPng(draw.random, [['zTXt', chunk]])));
    },
  },
];

const CHUNK = new Uint8Array(64 * 1024);

const BODIES: readonly ClassOf<'source'>[] = [
  {
    door: 'source',
    name: 'picture without end',
    guard: REQUEST,
    hostile: (draw) => {
      const endless: Answer = (response) => {
        const fill = () => {
          while (!response.destroyed && response.write(CHUNK));
        };
        response.writeHead(200, { 'content-type': 'image/jpeg' }).on('drain', fill);
        fill();
      };
      return shown(draw, endless, 'TOO_LARGE');
    },
    honest: (draw) => {
      const whole = drawnPng(draw.random);
      const inParts: Answer = (response) => {
        response.writeHead(200, { 'content-type': 'image/png' });
        response.write(whole.subarray(0, 100));
        response.end(whole.subarray(100));
      };
      return shown(draw, inParts);
    },
  },
  {
    door: 'source',
    name: 'picture that comes byte by byte',
    guard: REQUEST,
    hostile: (draw) => ({
      ...shown(draw, trickling({ 'content-type': 'image/jpeg' }), 'TIMEOUT'),
      // Asked for once, beside the page and its robots.txt: it would come so again.
      maxVisits: 3,
    }),
    honest: (draw) => {
      const whole = drawnPng(draw.random);
      return shown(draw, (response) => {
        const timer = setTimeout(() => response.end(whole), 500);
        response.on('close', () => clearTimeout(timer));
      });
    },
  },
  {
    door: 'source',
    name: 'picture that is packed',
    guard: REQUEST,
    hostile: (draw) => {
      const packed = gzipSync(Buffer.alloc(integer(draw.random, 20, 80) * 1_000_000));
      const headers = { 'content-encoding': 'gzip' };
      return shown(draw, picture(packed, 'image/jpeg', headers), 'TOO_LARGE');
    },
    honest: (draw) => {
      const packed = gzipSync(drawnPng(draw.random));
      return shown(draw, picture(packed, 'image/png', { 'content-encoding': 'gzip' }));
    },
  },
];

export const PICTURE_CLASSES: readonly ClassOf<'source'>[] = [...SIZES, ...CONTENTS, ...BODIES];
