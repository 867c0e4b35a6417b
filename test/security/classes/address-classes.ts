import { honestSpelling, privateHost } from '../addresses.ts';
import { type ClassOf, type Draw, integer, oneOf, type SourceInput, type Taken } from '../input.ts';
import { drawnPng } from '../pictures.ts';
import { type Answer, html, lines, picture, redirect } from '../site.ts';

type Found = Pick<SourceInput, 'source' | 'answers'>;

/** A way by which an address comes to the scraper. */
interface Way {
  readonly name: string;
  /** A source that leads to the address. */
  readonly leadTo: (target: string, draw: Draw) => Found;
  /** What comes of a private address. */
  readonly refused: Taken;
  /** What comes of an honest one, which answers a picture by default. */
  readonly taken?: Taken;
  readonly answer?: (draw: Draw) => Answer;
}

const GUARD = 'services/scraper/src/http/address-guard.ts';
const MAX_VISITS = 12;
const ONE: Taken = { photos: 1, codes: [] };
const REFUSED: Taken = { photos: 0, codes: ['PRIVATE_ADDRESS'] };
const AT_START: Taken = { photos: 0, codes: ['URL_NOT_PERMITTED'] };

const png = ({ random }: Draw): Answer => picture(drawnPng(random));
const path = ({ mark }: Draw, name = ''): string => `/${mark}/${name}`;
const at = (draw: Draw, name = ''): string => `${draw.origin}${path(draw, name)}`;

/** A page whose site may answer more. */
function page(draw: Draw, body: string, more: Record<string, Answer> = {}): Found {
  return { source: { url: at(draw) }, answers: { [path(draw)]: html(body), ...more } };
}

/** A page with a picture of its own. */
function pageOfOne(draw: Draw, body: string, more: Record<string, Answer> = {}): Found {
  return page(draw, `<img src="own.png">${body}`, { [path(draw, 'own.png')]: png(draw), ...more });
}

/** Addresses that each lead to the next. */
function chain(draw: Draw, target: string, hops: number): Record<string, Answer> {
  const names = Array.from({ length: hops }, (_, each) => `hop-${each}`);
  return Object.fromEntries(
    names.map((name, each) => [path(draw, name), redirect(names[each + 1] ?? target)]),
  );
}

const WAYS: readonly Way[] = [
  {
    name: 'address of a page',
    leadTo: (target) => ({ source: { url: target } }),
    refused: AT_START,
  },
  {
    name: 'address of a manifest',
    leadTo: (target) => ({ source: { manifest: target } }),
    refused: AT_START,
    answer: (draw) => lines([{ url: at(draw, 'own.png') }]),
  },
  {
    name: 'picture on a page',
    leadTo: (target, draw) => page(draw, `<img src="${target}">`),
    refused: REFUSED,
  },
  {
    name: 'picture that is loaded late',
    leadTo: (target, draw) => page(draw, `<img src="data:," data-src="${target}">`),
    refused: REFUSED,
  },
  {
    name: 'picture among many sizes',
    leadTo: (target, draw) => page(draw, `<img src="s.png" srcset="s.png 1x, ${target} 2x">`),
    refused: REFUSED,
  },
  {
    name: 'source of a picture',
    leadTo: (target, draw) =>
      page(draw, `<picture><source srcset="${target}"><img src="s.png"></picture>`),
    refused: REFUSED,
  },
  {
    name: 'link to a picture',
    leadTo: (target, draw) => page(draw, `<a href="${target}">large</a>`),
    refused: REFUSED,
  },
  {
    name: 'base address of a page',
    leadTo: (target, draw) => page(draw, `<base href="${target}"><img src="target.png">`),
    refused: REFUSED,
  },
  {
    name: 'picture of a page for others',
    leadTo: (target, draw) => page(draw, `<meta property="og:image" content="${target}">`),
    refused: REFUSED,
  },
  {
    name: 'line of a manifest',
    leadTo: (target, draw) => ({
      source: { manifest: at(draw) },
      answers: { [path(draw)]: lines([{ url: target }]) },
    }),
    refused: REFUSED,
  },
  {
    name: 'redirect of a picture',
    leadTo: (target, draw) => page(draw, '<img src="hop-0">', chain(draw, target, 1)),
    refused: REFUSED,
  },
  {
    name: 'redirect of a page',
    leadTo: (target, draw) => ({
      source: { url: at(draw) },
      answers: { [path(draw)]: redirect(target) },
    }),
    refused: REFUSED,
  },
  {
    name: 'redirect of a manifest',
    leadTo: (target, draw) => ({
      source: { manifest: at(draw) },
      answers: { [path(draw)]: redirect(target) },
    }),
    refused: REFUSED,
    answer: (draw) => lines([{ url: at(draw, 'own.png') }]),
  },
  {
    name: 'redirect of robots.txt',
    leadTo: (target, draw) => pageOfOne(draw, '', { '/robots.txt': redirect(target) }),
    refused: REFUSED,
    answer: () => ({ body: 'User-agent: *\nAllow: /' }),
  },
  {
    name: 'redirects one after the other',
    leadTo: (target, draw) => page(draw, '<img src="hop-0">', chain(draw, target, 4)),
    refused: REFUSED,
  },
  {
    name: 'link to a page elsewhere',
    leadTo: (target, draw) =>
      pageOfOne(draw, `<a href="${target.replace(/\.png/, '.html')}">more</a>`, {
        [path(draw, 'target.html')]: html('<img src="target.png">'),
      }),
    refused: ONE,
    taken: { photos: 2, codes: [] },
  },
  {
    name: 'sitemap and refresh',
    leadTo: (target, draw) =>
      pageOfOne(draw, `<meta http-equiv="refresh" content="0;url=${target}">`, {
        '/robots.txt': { body: `User-agent: *\nAllow: /\nSitemap: ${target}` },
      }),
    refused: ONE,
  },
];

function classOf(way: Way): ClassOf<'source'> {
  const input = (target: string, draw: Draw, expected: Taken, more = {}): SourceInput => {
    const { source, answers } = way.leadTo(target, draw);
    return {
      source,
      answers: { ...answers, ...more },
      expected: [expected],
      maxVisits: MAX_VISITS,
      ...(way.refused === AT_START ? { isAlone: true } : {}),
    };
  };
  return {
    door: 'source',
    name: way.name,
    guard: GUARD,
    hostile: (draw) => {
      const host = privateHost(draw.random);
      const target = `http://${host}:${draw.canaryPort}${path(draw, 'target.png')}`;
      return input(target, draw, way.refused);
    },
    honest: (draw) => {
      const { random } = draw;
      const target = honestSpelling(random, at(draw, 'target.png'));
      const more = {
        [path(draw, 'target.png')]: way.answer?.(draw) ?? png(draw),
        [path(draw, 'own.png')]: png(draw),
      };
      return input(target, draw, way.taken ?? ONE, more);
    },
  };
}

const SCHEMES = [
  'file:///etc/passwd',
  'ftp://127.0.0.1/',
  'gopher://127.0.0.1:70/',
  'ws://127.0.0.1/',
  'javascript:alert(1)//',
  'data:image/png;base64,AAAA',
  'blob:http://127.0.0.1/',
];

const inManifest = (draw: Draw, url: string, expected: Taken): SourceInput => ({
  source: { manifest: at(draw) },
  answers: { [path(draw)]: lines([{ url }]), '*': png(draw) },
  expected: [expected],
  maxVisits: MAX_VISITS,
});

const OTHERS: readonly ClassOf<'source'>[] = [
  {
    door: 'source',
    name: 'scheme of another kind',
    guard: 'services/scraper/src/http/fetcher.ts',
    hostile: (draw) => {
      const url = `${oneOf(draw.random, SCHEMES)}?${draw.mark}`;
      return inManifest(draw, url, { photos: 0, codes: ['UNSUPPORTED_URL'] });
    },
    honest: (draw) => inManifest(draw, at(draw, 'file:///etc/passwd.png'), ONE),
  },
  {
    door: 'source',
    name: 'name and password in an address',
    guard: 'services/scraper/src/http/fetcher.ts',
    hostile: (draw) => {
      const who = oneOf(draw.random, ['me@', 'me:secret@', ':secret@', 'localhost%3A80@']);
      const url = at(draw, 'a.png').replace('//', `//${who}`);
      return inManifest(draw, url, { photos: 0, codes: ['UNSUPPORTED_URL'] });
    },
    honest: (draw) => inManifest(draw, at(draw, 'me:secret@localhost.png'), ONE),
  },
  {
    door: 'source',
    name: 'name that leads to a private address',
    guard: GUARD,
    hostile: (draw) => {
      const name = oneOf(draw.random, [draw.privateName, draw.privateName.toUpperCase()]);
      return inManifest(draw, `http://${name}:${draw.canaryPort}${path(draw)}`, REFUSED);
    },
    honest: (draw) => inManifest(draw, at(draw, 'a.png').replace('localhost', 'LocalHost'), ONE),
  },
  {
    door: 'source',
    name: 'redirect in a circle',
    guard: 'services/scraper/src/http/fetcher.ts',
    hostile: (draw) => ({
      ...page(draw, '<img src="hop-0">', chain(draw, 'hop-0', integer(draw.random, 1, 4))),
      expected: [{ photos: 0, codes: ['TOO_MANY_REDIRECTS'] }],
      maxVisits: MAX_VISITS,
    }),
    honest: (draw) => ({
      ...pageOfOne(draw, '<img src="hop-0">', chain(draw, 'own.png', integer(draw.random, 1, 5))),
      expected: [{ photos: 1, codes: [] }],
      maxVisits: MAX_VISITS,
    }),
  },
];

export const ADDRESS_CLASSES: readonly ClassOf<'source'>[] = [...WAYS.map(classOf), ...OTHERS];
