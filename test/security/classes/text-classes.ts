import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  type ClassOf,
  type Draw,
  integer,
  letters,
  oneOf,
  type SourceInput,
  type Taken,
} from '../input.ts';
import { drawnPng } from '../pictures.ts';
import { html, lines, type Page, picture } from '../site.ts';

const LINES = 'services/scraper/src/sources/manifest-lines.ts';
const GROUP = 'services/scraper/src/http/robots-group.ts';
const FILES = 'services/scraper/src/sources/permitted-files.ts';
const MAX_VISITS = 6;
const ONE: Taken = { photos: 1, codes: [] };

const url = ({ origin, mark }: Draw, name = 'a.png'): string => `${origin}/${mark}/${name}`;

/** A manifest at an address, and one picture. */
function manifest(draw: Draw, page: Page, ...expected: readonly Taken[]): SourceInput {
  const path = `/${draw.mark}/`;
  return {
    source: { manifest: `${draw.origin}${path}` },
    answers: { [path]: page, [`${path}a.png`]: picture(drawnPng(draw.random)) },
    expected,
    maxVisits: MAX_VISITS,
  };
}

/** The line of the picture after these. */
const withLines = (draw: Draw, before: string, ...expected: readonly Taken[]): SourceInput =>
  manifest(draw, { body: `${before}\n${JSON.stringify({ url: url(draw) })}\n` }, ...expected);

const packed = (body: Uint8Array): Page => ({
  headers: { 'content-encoding': 'gzip' },
  body: gzipSync(body),
});

const BAD_LINES: readonly string[] = [
  '{"url": 7}',
  '[]',
  'null',
  '{"url": "http://[::1"}',
  '{"url": "", "file": ""}',
  '{}',
  '{"url": "a.png", "file": "b.png"}',
  '{"__proto__": {"url": "a.png"}}',
  '{"constructor": {"prototype": 1}}',
  '\u0000\u0001',
  '{"file": "../../etc/passwd"}',
  `{"url": "${'a'.repeat(5000)}"}`,
  `{"url": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  `{"title": "${'x'.repeat(70_000)}"}`,
];

const ODD_TEXTS = [
  'nul\u0000',
  '\ud800half',
  '\u001b[2Jescape',
  '\u202egpj',
  'javascript:alert(1)',
  'x'.repeat(5000),
];

const MANIFESTS: readonly ClassOf<'source'>[] = [
  {
    door: 'source',
    name: 'manifest that is packed',
    guard: 'services/scraper/src/sources/manifest.ts',
    hostile: (draw) => {
      const size = draw.number === 0 ? 60_000_000 : integer(draw.random, 2_100_000, 9_000_000);
      return manifest(draw, packed(Buffer.alloc(size, '\n')), { photos: 0, codes: ['TOO_LARGE'] });
    },
    honest: (draw) => manifest(draw, packed(Buffer.from(`{"url": "${url(draw)}"}`)), ONE),
  },
  {
    door: 'source',
    name: 'manifest of one line',
    guard: 'services/scraper/src/sources/line-blocks.ts',
    hostile: (draw) => {
      const length = integer(draw.random, 70_000, 20_000_000);
      return withLines(draw, oneOf(draw.random, ['{', '"', ' ', 'a']).repeat(length), {
        photos: 1,
        codes: ['INVALID_LINE'],
      });
    },
    honest: (draw) =>
      withLines(draw, `{"season": "SS1990", "url": "${url(draw, 'x'.repeat(3000))}"}`, ONE),
  },
  {
    door: 'source',
    name: 'lines that are no photographs',
    guard: LINES,
    hostile: (draw) => {
      const bad = Array.from({ length: 3 }, () => oneOf(draw.random, BAD_LINES));
      return withLines(
        draw,
        bad.join('\n'),
        ...['INVALID_LINE', 'OUTSIDE_FOLDER'].map((code) => ({ photos: 1, codes: [code] })),
        {
          photos: 1,
          codes: ['INVALID_LINE', 'OUTSIDE_FOLDER'],
        },
      );
    },
    honest: (draw) =>
      withLines(draw, '\n{"season": "SS1990", "url": "https://example.org/a.png"}\n', ONE),
  },
  {
    door: 'source',
    name: 'bad lines without end',
    guard: LINES,
    hostile: (draw) => ({
      ...withLines(draw, '{"url": 1}\n'.repeat(integer(draw.random, 1000, 200_000)), {
        photos: 1,
        codes: ['INVALID_LINE'],
      }),
      isAlone: true,
    }),
    honest: (draw) => withLines(draw, '\n'.repeat(1000), ONE),
  },
  {
    door: 'source',
    name: 'words that are no text',
    guard: 'services/scraper/src/sources/source-item.ts',
    hostile: (draw) => {
      const said = oneOf(draw.random, ODD_TEXTS);
      const claims = { title: said, author: said, license: said, brand: said, category: said };
      return manifest(draw, lines([{ url: url(draw), ...claims }]), ONE);
    },
    honest: (draw) => {
      const claims = { title: 'כותנה ドレス 👗', author: 'Zoë', license: 'https://example.org/by' };
      return manifest(draw, lines([{ url: url(draw), ...claims }]), ONE);
    },
  },
];

/** A page with one picture, below this robots.txt. */
function below(draw: Draw, robots: Page, expected: Taken, name = 'a.png'): SourceInput {
  const path = `/${draw.mark}/`;
  return {
    source: { url: `${draw.origin}${path}` },
    answers: {
      '/robots.txt': robots,
      [path]: html(`<img src="${name}">`),
      [`${path}${name}`]: picture(drawnPng(draw.random)),
    },
    expected: [expected],
    maxVisits: MAX_VISITS,
  };
}

const FORBIDDEN: Taken = { photos: 0, codes: ['ROBOTS_DISALLOWED'] };
const listed = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

/** As many in all, two in each rule. */
const withWildcards = (count: number): Page => ({
  body: `User-agent: *\n${listed(Math.floor(count / 2), (n) => `Disallow: /*/no${n}*.gif$`)}`,
});

const ROBOTS: readonly ClassOf<'source'>[] = [
  {
    door: 'source',
    name: 'robots and rules',
    guard: GROUP,
    hostile: (draw) => {
      const count = integer(draw.random, 1000, 12_000);
      const body = `${listed(count, (n) => `User-agent: r${n}`)}\nUser-agent: *\n${listed(count, (n) => `Disallow: /no${n}`)}`;
      return below(draw, { body }, ONE);
    },
    honest: (draw) => below(draw, { body: 'User-agent: *\nDisallow: /private/' }, ONE),
  },
  {
    door: 'source',
    name: 'wildcards in robots.txt',
    guard: GROUP,
    hostile: (draw) => {
      const [rules, stars] =
        draw.random() < 0.5
          ? [integer(draw.random, 100, 7000), 20]
          : [integer(draw.random, 1, 8), integer(draw.random, 2100, 20_000)];
      const rule = `Disallow: /${oneOf(draw.random, ['*a', '*?', '*/', '**'])}${'*a'.repeat(stars)}*b$`;
      const body = `User-agent: *\n${listed(rules, () => rule)}`;
      return below(draw, { body }, FORBIDDEN);
    },
    honest: (draw) => {
      const rules = listed(integer(draw.random, 10, 1000), (n) => `Disallow: /*/no${n}*.gif$`);
      return below(draw, { body: `User-agent: *\n${rules}` }, ONE);
    },
  },
  {
    door: 'source',
    name: 'long address below wildcards',
    guard: GROUP,
    hostile: (draw) => {
      const wildcards = integer(draw.random, 1000, 2000);
      const name = letters(draw.random, integer(draw.random, 500_000 / wildcards, 1500));
      return below(draw, withWildcards(wildcards), { photos: 0, codes: ['TOO_COSTLY'] }, name);
    },
    honest: (draw) => {
      const name = letters(draw.random, integer(draw.random, 100, 1500));
      return below(draw, withWildcards(integer(draw.random, 2, 50)), ONE, name);
    },
  },
  {
    door: 'source',
    name: 'robots.txt without end',
    guard: 'services/scraper/src/http/request.ts',
    hostile: (draw) => {
      const junk = `# ${'x'.repeat(80)}\n`.repeat(integer(draw.random, 10_000, 400_000));
      return below(draw, oneOf(draw.random, [{ body: junk }, packed(Buffer.from(junk))]), ONE);
    },
    honest: (draw) => below(draw, packed(Buffer.from('User-agent: *\nDisallow: /private/')), ONE),
  },
  {
    door: 'source',
    name: 'pause that never ends',
    guard: 'services/scraper/src/http/robots.ts',
    hostile: (draw) => {
      const seconds = oneOf(draw.random, ['1e300', '61', '100000000', 'Infinity']);
      return below(draw, { body: `User-agent: *\nCrawl-delay: ${seconds}` }, FORBIDDEN);
    },
    honest: (draw) => below(draw, { body: 'User-agent: *\nCrawl-delay: 0.05' }, ONE),
  },
];

/** A manifest on the disk, whose lines name files. */
async function onDisk(draw: Draw, files: readonly string[], expected: Taken): Promise<SourceInput> {
  const path = join(draw.folder, `${draw.mark}.jsonl`);
  await writeFile(path, files.map((file) => `${JSON.stringify({ file })}\n`).join(''));
  return { source: { manifest: path }, expected: [expected], maxVisits: 0 };
}

const FOLDERS: readonly ClassOf<'source'>[] = [
  {
    door: 'source',
    name: 'files outside of what may be read',
    guard: FILES,
    hostile: async (draw) => {
      await symlink('/etc/passwd', join(draw.folder, 'link.png'));
      const file = oneOf(draw.random, [
        `/etc/${draw.mark}`,
        `${'../'.repeat(12)}etc/${draw.mark}`,
        'link.png',
        `/proc/self/${draw.mark}`,
      ]);
      return onDisk(draw, [file], { photos: 0, codes: ['OUTSIDE_FOLDER'] });
    },
    honest: async (draw) => {
      await mkdir(join(draw.folder, 'a'));
      await writeFile(join(draw.folder, 'a/b.png'), drawnPng(draw.random));
      await symlink('a/b.png', join(draw.folder, 'link.png'));
      return onDisk(draw, [oneOf(draw.random, ['a/b.png', 'a/../link.png', './link.png'])], ONE);
    },
  },
  {
    door: 'source',
    name: 'files that are none',
    guard: FILES,
    hostile: async (draw) => {
      execFileSync('mkfifo', [join(draw.folder, 'pipe.png')]);
      const file = oneOf(draw.random, ['pipe.png', '.', 'missing.png']);
      return onDisk(draw, [file], { photos: 0, codes: ['UNREADABLE'] });
    },
    honest: async (draw) => {
      await writeFile(join(draw.folder, 'a b ü.png'), drawnPng(draw.random));
      return onDisk(draw, ['a b ü.png'], ONE);
    },
  },
  {
    door: 'source',
    name: 'folder with links and pipes',
    guard: 'services/scraper/src/sources/folder.ts',
    hostile: async (draw) => {
      await writeFile(join(draw.folder, 'own.png'), drawnPng(draw.random));
      execFileSync('mkfifo', [join(draw.folder, 'pipe.png')]);
      await symlink('/etc/passwd', join(draw.folder, 'link.png'));
      await symlink('.', join(draw.folder, 'circle'));
      return {
        source: { folder: draw.folder },
        expected: [{ photos: 1, codes: ['OUTSIDE_FOLDER'] }],
        maxVisits: 0,
      };
    },
    honest: async (draw) => {
      await writeFile(join(draw.folder, 'own.png'), drawnPng(draw.random));
      await symlink('own.png', join(draw.folder, 'link.png'));
      return { source: { folder: draw.folder }, expected: [ONE], maxVisits: 0 };
    },
  },
];

export const TEXT_CLASSES: readonly ClassOf<'source'>[] = [...MANIFESTS, ...ROBOTS, ...FOLDERS];
