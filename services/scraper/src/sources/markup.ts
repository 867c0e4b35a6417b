import { tooCostly } from '../errors.ts';
import { optsOut, productToken } from '../http/robots.ts';
import {
  type CreditLink,
  type Figure,
  type ImageElement,
  type LinkElement,
  type PageElements,
  readElements,
} from './page-elements.ts';
import { cleanClaim, type PhotoClaims } from './source-item.ts';

/** A photograph that a page shows or links to. */
export interface PageImage {
  readonly url: string;
  readonly claims: PhotoClaims;
  /** The season that the page says it is of (`data-season`), as written there. */
  readonly season: string | null;
}

/** A page that a page leads to. */
export interface PageLink {
  readonly url: string;
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

/** A page as it came. */
export interface PageBytes {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly url: string;
  readonly userAgent: string;
}

const IMAGE_PATH = /\.(jpe?g|png|webp|avif|gif)$/i;
// Anything else with an extension is a download or a program, not a page.
const PAGE_PATH = /(\/|\/[^./]*|\.(html?|xhtml|php|aspx?|jsp))$/i;
const MAX_ADDRESS = 4000;
/** Addresses and claims together; a short page with a long base address could make any length of them. */
const MAX_CONTENT_LENGTH = 16_000_000;

/** @throws RejectedSourceError TOO_COSTLY */
export function readPageBytes({ body, contentType, url, userAgent }: PageBytes): PageContent {
  return readPage(decode(body, contentType), new URL(url), userAgent);
}

/** @throws RejectedSourceError TOO_COSTLY */
export function readPage(html: string, pageUrl: URL, userAgent: string): PageContent {
  const elements = readElements(html);
  const token = productToken(userAgent).toLowerCase();
  const robots = elements.robots
    .filter(({ name }) => name === 'robots' || name === token)
    .map(({ content }) => content);
  const isFollowed = !robots.some((value) => /\b(nofollow|none)\b/i.test(value));
  const reader = new ContentReader(elements, pageUrl);
  for (const element of elements.found) {
    if (element.kind === 'image') reader.addImage(element);
    else reader.addLink(element);
  }
  return {
    images: reader.images(),
    links: isFollowed ? reader.links() : [],
    imagesPermitted: !optsOut(robots, userAgent),
  };
}

/** Makes addresses and claims of what was found. */
class ContentReader {
  readonly #elements: PageElements;
  readonly #pageUrl: URL;
  readonly #base: URL;
  readonly #ofPage: Pick<PhotoClaims, 'title' | 'author' | 'license'>;
  readonly #ofFigures = new Map<Figure, Pick<PhotoClaims, 'title' | 'author' | 'license'>>();
  readonly #images = new Map<string, PageImage>();
  readonly #links = new Map<string, PageLink>();
  readonly #toImages = new Set<LinkElement>();
  #length = 0;

  constructor(elements: PageElements, pageUrl: URL) {
    const { meta } = elements;
    this.#elements = elements;
    this.#pageUrl = pageUrl;
    this.#base = resolved(elements.base, pageUrl) ?? pageUrl;
    this.#ofPage = {
      title: cleanClaim('title', meta.get('og:title')) ?? cleanClaim('title', elements.title),
      author: cleanClaim('author', meta.get('author')),
      license:
        this.#licenseOf(elements.license) ??
        cleanClaim('license', resolved(elements.licenseHref, this.#base)?.href),
    };
  }

  addImage(image: ImageElement): void {
    // The picture behind a thumbnail was added with its link; the thumbnail is the same again.
    if (image.link !== null && this.#toImages.has(image.link)) return;
    const address = image.fromSrcset ?? image.picture?.address ?? image.address;
    this.#add(resolved(address, this.#base), image);
  }

  addLink(link: LinkElement): void {
    const url = resolved(link.href, this.#base);
    if (url === null) return;
    if (IMAGE_PATH.test(url.pathname)) {
      this.#toImages.add(link);
      this.#add(url, link.image ?? { ...link, title: null, alt: null });
      return;
    }
    if (link.rel.has('nofollow')) return;
    if (url.host !== this.#pageUrl.host || !PAGE_PATH.test(url.pathname)) return;
    const known = this.#links.get(url.href);
    if (known === undefined) this.#count(url.href.length);
    const isNextPage = link.rel.has('next') || known?.isNextPage === true;
    this.#links.set(url.href, { url: url.href, isNextPage });
  }

  images(): readonly PageImage[] {
    // Usually one of the pictures in another size, so it counts only where there are none.
    if (this.#images.size === 0) {
      const url = resolved(this.#elements.meta.get('og:image'), this.#base);
      const claims = { brand: null, category: null, ...this.#ofPage };
      return url === null ? [] : [{ url: url.href, claims, season: null }];
    }
    return [...this.#images.values()];
  }

  links(): readonly PageLink[] {
    return [...this.#links.values()];
  }

  #add(url: URL | null, element: Pick<ImageElement, 'around' | 'figure' | 'title' | 'alt'>): void {
    if (url === null || this.#images.has(url.href)) return;
    const claims = this.#claimsOf(element);
    for (const text of [url.href, ...Object.values(claims)]) this.#count(text?.length ?? 0);
    const season = element.around.season ?? null;
    this.#images.set(url.href, { url: url.href, claims, season });
  }

  #claimsOf({
    around,
    figure,
    title,
    alt,
  }: Pick<ImageElement, 'around' | 'figure' | 'title' | 'alt'>): PhotoClaims {
    const ofFigure = figure === null ? null : this.#ofFigure(figure);
    const { brand = null, category = null } = around;
    return {
      brand,
      category,
      title: around.title ?? ofFigure?.title ?? title ?? alt ?? this.#ofPage.title,
      author: around.author ?? ofFigure?.author ?? this.#ofPage.author,
      license: around.license ?? ofFigure?.license ?? this.#ofPage.license,
    };
  }

  #ofFigure(figure: Figure) {
    const known = this.#ofFigures.get(figure);
    if (known !== undefined) return known;
    const { caption, author, license } = figure;
    const { textOf } = this.#elements;
    const claims = {
      title: caption === null ? null : cleanClaim('title', textOf(caption)),
      author: author === null ? null : cleanClaim('author', textOf(author)),
      license: this.#licenseOf(license),
    };
    this.#ofFigures.set(figure, claims);
    return claims;
  }

  /** The address of an http(s) link, else the words of the link. */
  #licenseOf(link: CreditLink | null): string | null {
    if (link === null) return null;
    const url = resolved(link.href, this.#base);
    return cleanClaim('license', url?.href ?? this.#elements.textOf(link.text));
  }

  #count(length: number): void {
    this.#length += length;
    if (this.#length > MAX_CONTENT_LENGTH) {
      throw tooCostly('The page makes more addresses and captions than a page may.');
    }
  }
}

/**
 * The address without its fragment; null for what is no http(s) address (`data:` above all), and for one that is longer
 * than addresses are.
 */
function resolved(address: string | null | undefined, base: URL): URL | null {
  const text = address?.trim() ?? '';
  if (text === '' || text.length > MAX_ADDRESS || !URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  url.hash = '';
  return url.href.length > MAX_ADDRESS ? null : url;
}

function decode(body: Uint8Array, contentType: string): string {
  const start = Buffer.from(body.subarray(0, 1024)).toString('latin1');
  const named = /charset=["']?([\w-]+)/i.exec(`${contentType} ${start}`)?.[1];
  try {
    return new TextDecoder(named ?? 'utf-8').decode(body);
  } catch {
    // An unknown charset.
    return new TextDecoder().decode(body);
  }
}
