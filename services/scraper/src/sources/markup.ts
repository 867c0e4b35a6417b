import { type Cheerio, type CheerioAPI, load } from 'cheerio';
import { optsOut, productToken } from '../http/robots.ts';
import { cleanClaims, type PhotoClaims } from './source-item.ts';
import { largestOf } from './srcset.ts';

/** A photograph that a page shows or links to. */
export interface PageImage {
  readonly url: URL;
  readonly claims: PhotoClaims;
  /** The season that the page says it is of (`data-season`), as written there. */
  readonly season: string | null;
}

/** A page that a page leads to. */
export interface PageLink {
  readonly url: URL;
  /** Whether it is the next page of the same listing (`rel="next"`). */
  readonly isNextPage: boolean;
}

/** What a page offers, in the order of the page, each address once. */
export interface PageContent {
  readonly images: readonly PageImage[];
  /** Pages linked to on the same host and port. */
  readonly links: readonly PageLink[];
  /** False where the page's robots meta tag asks that its pictures be left alone. */
  readonly imagesPermitted: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: cheerio exports its node type from a dependency only
type Element = Cheerio<any>;

const IMAGE_PATH = /\.(jpe?g|png|webp|avif|gif)$/i;
// Anything else with an extension is a download or a program, not a page.
const PAGE_PATH = /(\/|\/[^./]*|\.(html?|xhtml|php|aspx?|jsp))$/i;
// Icons, spacers and tracking dots say so themselves.
const MIN_DECLARED_PX = 16;

export function readPage(html: string, pageUrl: URL, userAgent: string): PageContent {
  const $ = load(html);
  const base = resolved($('base[href]').attr('href'), pageUrl) ?? pageUrl;
  const robots = robotsMeta($, userAgent);
  return {
    images: imagesOf($, base),
    links: robots.some((value) => /\b(nofollow|none)\b/i.test(value))
      ? []
      : linksOf($, base, pageUrl),
    imagesPermitted: !optsOut(robots, userAgent),
  };
}

function robotsMeta($: CheerioAPI, userAgent: string): string[] {
  const token = productToken(userAgent).toLowerCase();
  return $('meta[name][content]')
    .toArray()
    .filter((tag) => ['robots', token].includes($(tag).attr('name')?.toLowerCase() ?? ''))
    .map((tag) => $(tag).attr('content') ?? '');
}

function imagesOf($: CheerioAPI, base: URL): PageImage[] {
  const images = new Map<string, PageImage>();
  const add = (address: string | undefined | null, element: Element | null) => {
    const url = resolved(address, base);
    if (url === null || images.has(url.href)) return;
    images.set(url.href, { url, claims: claimsOf($, element), season: seasonSaid(element) });
  };
  $('img, a[href]').each((_, node) => {
    const element = $(node);
    const href = element.attr('href');
    if (href !== undefined) {
      if (isImageLink(href, base)) add(href, element);
      return;
    }
    if (isTiny(element)) return;
    // The picture behind a thumbnail was added with its link; the thumbnail is the same again.
    const link = element.closest('a[href]').attr('href');
    if (link === undefined || !isImageLink(link, base)) add(bestAddress($, element), element);
  });
  // Usually one of the pictures in another size, so it counts only where there are none.
  if (images.size === 0) add($('meta[property="og:image"]').attr('content'), null);
  return [...images.values()];
}

function isImageLink(href: string, base: URL): boolean {
  return IMAGE_PATH.test(resolved(href, base)?.pathname ?? '');
}

function isTiny(image: Element): boolean {
  return ['width', 'height'].some((name) => {
    const declared = image.attr(name);
    return declared !== undefined && /^\d+$/.test(declared) && Number(declared) < MIN_DECLARED_PX;
  });
}

function bestAddress($: CheerioAPI, image: Element): string | undefined {
  const srcsets = [
    image.attr('srcset'),
    image.attr('data-srcset'),
    ...image
      .closest('picture')
      .find('source[srcset]')
      .toArray()
      .map((source) => $(source).attr('srcset')),
  ];
  for (const srcset of srcsets) {
    const largest = srcset === undefined ? null : largestOf(srcset);
    if (largest !== null) return largest;
  }
  // Pages that load lazily keep the address beside a placeholder.
  return image.attr('data-src') ?? image.attr('data-original') ?? image.attr('src');
}

function seasonSaid(element: Element | null): string | null {
  return element?.closest('[data-season]').attr('data-season') ?? null;
}

function claimsOf($: CheerioAPI, element: Element | null): PhotoClaims {
  const fromPage = {
    title: $('meta[property="og:title"]').attr('content') ?? $('title').first().text(),
    author: $('meta[name="author"]').attr('content'),
    license: $('link[rel~="license"]').attr('href'),
  };
  if (element === null) return cleanClaims({ ...fromPage });
  const figure = element.closest('figure');
  const image = element.is('img') ? element : element.find('img').first();
  const inherited = (name: string) =>
    image.attr(name) ?? element.closest(`[${name}]`).attr(name) ?? undefined;
  return cleanClaims({
    brand: inherited('data-brand'),
    category: inherited('data-category'),
    title: firstText(
      inherited('data-title'),
      figure.find('figcaption').first().text(),
      image.attr('title'),
      image.attr('alt'),
      fromPage.title,
    ),
    author: firstText(
      inherited('data-author'),
      figure.find('[rel~="author"], .author').first().text(),
      fromPage.author,
    ),
    license: firstText(
      inherited('data-license'),
      figure.find('a[rel~="license"]').first().attr('href'),
      $('a[rel~="license"]').first().attr('href'),
      fromPage.license,
    ),
  });
}

function firstText(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value.trim() !== '');
}

function linksOf($: CheerioAPI, base: URL, pageUrl: URL): PageLink[] {
  const links = new Map<string, PageLink>();
  $('a[href]:not([rel~="nofollow"])').each((_, node) => {
    const url = resolved($(node).attr('href'), base);
    if (url === null || url.host !== pageUrl.host || !PAGE_PATH.test(url.pathname)) return;
    const isNextPage = $(node).is('[rel~="next"]') || links.get(url.href)?.isNextPage === true;
    links.set(url.href, { url, isNextPage });
  });
  return [...links.values()];
}

/** The address without its fragment; null for what is no http(s) address, `data:` above all. */
function resolved(address: string | null | undefined, base: URL): URL | null {
  const text = address?.trim() ?? '';
  if (text === '' || !URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  url.hash = '';
  return url;
}
