import { gzipSync } from 'node:zlib';
import { type ClassOf, type Draw, integer, letters, oneOf, type SourceInput } from '../input.ts';
import { drawnPng } from '../pictures.ts';
import { type Answer, html, type Page, picture } from '../site.ts';

const TAGS = 'services/scraper/src/sources/tags.ts';
const MARKUP = 'services/scraper/src/sources/markup.ts';
const PAGES = 'services/scraper/src/sources/pages.ts';
const MAX_VISITS = 40;
/** As tags.ts has it. */
const MAX_DEPTH = 512;
const MAX_ELEMENTS = 200_000;

const repeated = (count: number, part: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join('');

const path = ({ mark }: Draw, name = ''): string => `/${mark}/${name}`;

interface Shown {
  /** Different pictures, whatever their addresses: `0.png`, `1.png` and so on. */
  readonly photos: number;
  readonly codes?: readonly string[];
  readonly maxVisits?: number;
  readonly minVisits?: number;
  readonly more?: Readonly<Record<string, Answer>>;
  readonly isAlone?: true;
}

/** A page and its pictures; addresses with a query are the same pictures again. */
function site(draw: Draw, page: Page, { photos, codes = [], more, ...rest }: Shown): SourceInput {
  const pictures = Array.from({ length: Math.max(1, photos) }, () =>
    picture(drawnPng(draw.random)),
  );
  const named = pictures.map((each, n) => [path(draw, `${n}.png`), each] as const);
  return {
    source: { url: `${draw.origin}${path(draw)}` },
    answers: { ...Object.fromEntries(named), [path(draw)]: page, ...more },
    expected: [{ photos, codes }],
    maxVisits: MAX_VISITS,
    ...rest,
  };
}

const refused = (draw: Draw, body: string, code = 'TOO_COSTLY'): SourceInput =>
  site(draw, html(body), { photos: 0, codes: [code] });
const taken = (draw: Draw, body: string, photos = 1): SourceInput =>
  site(draw, html(body), { photos });

const IMAGE = '<img src="0.png">';
/** Tags that lie in each other until they are closed. */
const NESTED = [
  '<div>',
  '<b>',
  '<span class=x>',
  '<svg><g>',
  '<font>',
  '<i a=1>',
  '<section>',
] as const;

/** The listing of an honest house: `different` pictures under `count` addresses. */
function listing(draw: Draw, count: number, different: number): SourceInput {
  const figures = repeated(
    count,
    (n) => `<figure class="look" data-category="coat"><a href="/look/${n}.pdf">
      <picture><source srcset="${n % different}.png?${n} 1x"><img src="s${n}.png" alt="Look ${n}"></picture></a>
      <figcaption>Look ${n} by <span class="author">Nora ${n}</span></figcaption></figure>`,
  );
  const answers = Array.from({ length: different }, () => picture(drawnPng(draw.random)));
  const more = Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      path(draw, `${n % different}.png?${n}`),
      answers[n % different] as Page,
    ]),
  );
  const page = html(`<title>All looks</title><main>${figures}</main>`);
  return site(draw, page, {
    photos: different,
    minVisits: count,
    maxVisits: count + 2,
    more,
    isAlone: true,
  });
}

type Body = (draw: Draw) => SourceInput;
const of = (name: string, guard: string, hostile: Body, honest: Body): ClassOf<'source'> => ({
  door: 'source',
  name,
  guard,
  hostile,
  honest,
});

const COSTS: readonly ClassOf<'source'>[] = [
  of(
    'elements in each other',
    TAGS,
    (draw) => {
      const tag = oneOf(draw.random, NESTED);
      return refused(draw, `${tag.repeat(integer(draw.random, MAX_DEPTH + 10, 60_000))}${IMAGE}`);
    },
    (draw) => taken(draw, `${'<div>'.repeat(integer(draw.random, 1, MAX_DEPTH - 20))}${IMAGE}`),
  ),
  of(
    'formatting that is opened again',
    TAGS,
    (draw) => {
      const { random } = draw;
      const tag = oneOf(random, ['<b a=i>', '<i a=i>', '<font size=1>', '<nobr>', '<u><s>']);
      const bomb = `<p>${tag.repeat(integer(random, 600, 3000))}${'<p>x'.repeat(1000)}`;
      return refused(draw, `${bomb}${IMAGE}`);
    },
    (draw) => taken(draw, `<p>${'<b a=i>'.repeat(200)}${'<p>x'.repeat(200)}${IMAGE}`),
  ),
  of(
    'elements beyond number',
    TAGS,
    (draw) => {
      const tag = oneOf(draw.random, ['<i></i>', '<br>', '</b>', '<p>', '<li>', '<td>']);
      return refused(draw, `${tag.repeat(MAX_ELEMENTS + integer(draw.random, 1, 99_999))}${IMAGE}`);
    },
    // The honest listing of 5,000 pictures, and smaller ones after it.
    (draw) => listing(draw, draw.number === 0 ? 5000 : integer(draw.random, 20, 200), 10),
  ),
  of(
    'figures and captions',
    'services/scraper/src/sources/page-elements.ts',
    (draw) => {
      const deep = integer(draw.random, MAX_DEPTH + 10, 5000);
      const open = oneOf(draw.random, ['<figure>', '<figure><figcaption>', '<figcaption><i>']);
      return refused(
        draw,
        `<figure>${IMAGE}<figcaption>${open.repeat(deep)}deep</figcaption></figure>`,
      );
    },
    (draw) => {
      const count = integer(draw.random, 100, 2000);
      const caption = `${'<i>'.repeat(200)}deep`;
      return taken(
        draw,
        `${repeated(count, () => `<figure>${IMAGE}<figcaption>Look</figcaption></figure>`)}<figure>${IMAGE}<figcaption>${caption}`,
      );
    },
  ),
  of(
    'base address of many pictures',
    MARKUP,
    (draw) => {
      const base = `/${'a'.repeat(integer(draw.random, 3000, 3900))}/`;
      return refused(draw, `<base href="${base}">${repeated(9000, (n) => `<img src="${n}">`)}`);
    },
    (draw) => taken(draw, `<base href="${path(draw)}">${repeated(2000, () => IMAGE)}`),
  ),
  of(
    'page that is too long',
    PAGES,
    (draw) =>
      refused(
        draw,
        `${IMAGE}${'word '.repeat(integer(draw.random, 1_000_100, 1_200_000))}`,
        'TOO_LARGE',
      ),
    (draw) => taken(draw, `${'word '.repeat(integer(draw.random, 1000, 900_000))}${IMAGE}`),
  ),
  of(
    'page that is packed',
    'services/scraper/src/http/request.ts',
    (draw) => {
      const packed = gzipSync(Buffer.alloc(integer(draw.random, 20, 60) * 1_000_000, '<i>'));
      const headers = { 'content-type': 'text/html', 'content-encoding': 'gzip' };
      return site(draw, { headers, body: packed }, { photos: 0, codes: ['TOO_LARGE'] });
    },
    (draw) => {
      const headers = { 'content-type': 'text/html', 'content-encoding': 'gzip' };
      const body = gzipSync(`<title>${letters(draw.random, 500)}</title>${IMAGE}`);
      return site(draw, { headers, body }, { photos: 1 });
    },
  ),
];

/** What costs no more than its size is taken, hostile or not. */
const TAKEN: readonly ClassOf<'source'>[] = [
  of(
    'sizes without end',
    'services/scraper/src/sources/srcset.ts',
    (draw) => {
      const { random } = draw;
      const part = oneOf(random, [',', ' ', ', ,', ',\t', '0.png, ', '0.png 1x ,, ']);
      const srcset = part.repeat(integer(random, 10_000, 300_000));
      return taken(draw, `<img src="0.png" srcset="${srcset}">`);
    },
    (draw) =>
      taken(draw, `<img src="s.png" srcset="${repeated(50, (n) => `0.png ${n + 1}00w, `)}">`),
  ),
  of(
    'attributes and entities',
    TAGS,
    (draw) => {
      const { random } = draw;
      const body = oneOf(random, [
        `<img src="0.png" ${repeated(integer(random, 10_000, 200_000), (n) => `a${n} `)}>`,
        `<img src="0.png" alt="${'&amp;'.repeat(integer(random, 10_000, 400_000))}">`,
        `<p>${'&#x110000;&#0;&#xd800;&notanentity;&'.repeat(30_000)}${IMAGE}`,
        `<img src="0.png" title='${'<'.repeat(500_000)}'>`,
        `<!--${'--!'.repeat(300_000)}-->${IMAGE}`,
      ]);
      return taken(draw, body);
    },
    (draw) => taken(draw, '<img src="0&#46;png" alt="Mantel &amp; H&uuml;te" data-x="1">'),
  ),
  of(
    'credits that are programs or no text',
    'services/scraper/src/sources/links.ts',
    (draw) => {
      const { random } = draw;
      const said = oneOf(random, [
        'javascript:alert(1)',
        ' \u0001javascript:alert(1)',
        'JavaScript&colon;alert(1)',
        'java\nscript:alert(1)',
        'data:text/html,x',
        'vbscript:javascript:x',
        '\u202egnp.tac',
        'a\u0000b\u001b[2J\u009b',
        '&#xd800;half',
        'x'.repeat(5000),
      ]);
      const attributes = ['title', 'author', 'license', 'brand', 'category']
        .map((name) => `data-${name}="${said}"`)
        .join(' ');
      return taken(draw, `<img src="0.png" ${attributes}>`);
    },
    (draw) =>
      taken(
        draw,
        '<img src="0.png" data-author="Zoë Ärmel" data-license="https://example.org/by">',
      ),
  ),
  of(
    'pages that lead on without end',
    PAGES,
    (draw) => {
      const links = () =>
        repeated(300, (n) => `<a href="${n}-${letters(draw.random, 6)}">day ${n}</a>`);
      const page: Answer = (response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end(`${IMAGE}${links()}`);
      return site(draw, html(`${IMAGE}${links()}`), { photos: 1, more: { '*': page } });
    },
    (draw) => {
      const next = (n: number) =>
        html(`<img src="${n}.png"><a rel="next" href="page-${n + 1}">next</a>`);
      const pages = Array.from(
        { length: 8 },
        (_, n) => [path(draw, `page-${n}`), next(n)] as const,
      );
      return site(draw, next(0), {
        photos: 8,
        more: { ...Object.fromEntries(pages), [path(draw, 'page-8')]: html('') },
      });
    },
  ),
  of(
    'letters of no known kind',
    MARKUP,
    (draw) => {
      const { random } = draw;
      const charset = oneOf(random, [
        'utf-7',
        'x-none',
        'utf-16',
        '',
        'replacement',
        'a'.repeat(900),
      ]);
      const page = html(`<meta charset="${charset}">${IMAGE}`);
      // As UTF-16 it is other text, without a picture.
      const photos = charset === 'utf-16' ? 0 : 1;
      return site(draw, { ...page, headers: { 'content-type': 'text/html' } }, { photos });
    },
    (draw) => {
      const body = Buffer.from(
        `<meta charset="iso-8859-1"><title>M\u00e4ntel</title>${IMAGE}`,
        'latin1',
      );
      return site(draw, { headers: { 'content-type': 'text/html' }, body }, { photos: 1 });
    },
  ),
];

export const PAGE_CLASSES: readonly ClassOf<'source'>[] = [...COSTS, ...TAKEN];
