import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Random } from '@deepstyle/vision';
import {
  type ClassOf,
  type Draw,
  ENDLESS_FILE,
  integer,
  MAX_PHOTO_BYTES,
  oneOf,
  type SourceInput,
  type Taken,
} from '../input.ts';
import { drawnPicture, drawnPng, lengthened } from '../pictures.ts';
import { html, type Page, picture } from '../site.ts';
import { byAnyWay, manifest, ONE, OTHER_VISITS, page } from './ways-of-pictures.ts';

/** What stands before the packed text in its chunk. */
const TEXT_HEADS = [
  ['zTXt', 'Comment\0\0'],
  ['iTXt', 'Comment\0\u0001\0en\0Kommentar\0'],
] as const;

/** A PNG with as many texts, each packed. */
function withTexts(random: Random, count: number, text: Uint8Array): Buffer {
  const [type, head] = oneOf(random, TEXT_HEADS);
  const chunk = Buffer.concat([Buffer.from(head), deflateSync(text)]);
  return drawnPng(
    random,
    Array.from({ length: count }, () => [type, chunk] as const),
  );
}

/** 100 kB that hold 100 MB; a decoder takes single texts of this length. */
const manyTexts = (random: Random): Buffer => withTexts(random, 10, Buffer.alloc(10_000_000, 97));

/** Pictures at origins of their own, each with these rules. */
async function atOrigins(draw: Draw, count: number, rules: Page): Promise<SourceInput> {
  const path = `/${draw.mark}/`;
  const origins = await draw.openOrigins(count);
  const shown = origins.map((origin, n) => `<img src="${origin}${path}${n}">`).join('');
  const answers = origins.map((_, n) => [`${path}${n}`, picture(drawnPng(draw.random))] as const);
  return {
    source: { url: `${draw.origin}${path}` },
    answers: { ...Object.fromEntries(answers), [path]: html(shown), '/robots.txt': rules },
    expected: [{ photos: count, codes: [] }],
    // Of each origin its robots.txt, again where it was forgotten.
    maxVisits: 4 * count + OTHER_VISITS,
    isAlone: true,
  };
}

/** Half a megabyte, as much as is read; the shorter the rules, the more memory they take. */
const LONG_RULES: Page = { body: `User-agent: *\n${'Allow:b\n'.repeat(65_000)}` };

/** Pictures of this length. */
function ofLength(random: Random, count: number, bytes: number): Promise<Page[]> {
  return Promise.all(
    Array.from({ length: count }, async () =>
      picture(lengthened(await drawnPicture(random, 'jpeg'), bytes)),
    ),
  );
}

/** As many as are checked at once, or a few of them. */
const someOf = ({ number, random }: Draw): number => (number === 0 ? 16 : integer(random, 2, 3));

/** What is small and takes much memory, or is just as large as it may be. */
export const HEAVY_CLASSES: readonly ClassOf<'source'>[] = [
  {
    door: 'source',
    name: 'many texts that are packed in a PNG',
    guard: 'packages/vision/src/png-text.ts',
    hostile: (draw) => {
      if (draw.number > 0) return byAnyWay(draw, manyTexts(draw.random), ONE);
      const pictures = Array.from({ length: 6 }, () => picture(manyTexts(draw.random)));
      return page(draw, pictures, { photos: pictures.length, codes: [] });
    },
    honest: (draw) => byAnyWay(draw, withTexts(draw.random, 1, Buffer.from('by Nora K')), ONE),
  },
  {
    door: 'source',
    name: 'file that hides its size',
    guard: 'packages/platform/src/read-file-up-to.ts',
    hostile: async (draw) => {
      await symlink(ENDLESS_FILE, join(draw.folder, 'link.png'));
      const file = oneOf(draw.random, [ENDLESS_FILE, 'link.png']);
      // Not every system has it.
      const [large, missing] = ['TOO_LARGE', 'UNREADABLE'].map((code) => ({
        photos: 0,
        codes: [code],
      }));
      return manifest(draw, file, large as Taken, missing as Taken);
    },
    honest: async (draw) => {
      await writeFile(join(draw.folder, 'a.png'), drawnPng(draw.random));
      return manifest(draw, 'a.png', ONE);
    },
  },
  {
    door: 'source',
    name: 'long robots.txt of many origins',
    guard: 'services/scraper/src/http/kept-rules.ts',
    hostile: async (draw) => {
      const count = draw.number === 0 ? 60 : integer(draw.random, 2, 4);
      const input = await atOrigins(draw, count, LONG_RULES);
      // Rules that are not read in time forbid everything.
      const late = Array.from({ length: count }, (_, photos) => ({
        photos,
        codes: ['ROBOTS_DISALLOWED'],
      }));
      return { ...input, expected: [...input.expected, ...late] };
    },
    honest: (draw) =>
      atOrigins(draw, integer(draw.random, 2, 5), { body: 'User-agent: *\nDisallow: /private/' }),
  },
  {
    door: 'source',
    name: 'photographs as large as they may be',
    guard: 'services/scraper/src/http/request.ts',
    hostile: async (draw) => {
      const pictures = await ofLength(draw.random, someOf(draw), MAX_PHOTO_BYTES + 1);
      const taken = { photos: 0, codes: ['TOO_LARGE'] };
      return { ...page(draw, pictures, taken), isAlone: true };
    },
    honest: async (draw) => {
      const pictures = await ofLength(draw.random, someOf(draw), MAX_PHOTO_BYTES);
      const taken = { photos: pictures.length, codes: [] };
      return { ...page(draw, pictures, taken), isAlone: true };
    },
  },
];
