import { cleanClaim, cleanText } from './source-item.ts';
import { largestOf } from './srcset.ts';
import { type Attributes, readTags, type TagHandler } from './tags.ts';

/** What `data-` attributes of an element, or of the nearest one around it, say. */
export interface Around {
  readonly brand?: string | null;
  readonly category?: string | null;
  readonly title?: string | null;
  readonly author?: string | null;
  readonly license?: string | null;
  readonly season?: string | null;
}

/** A link whose text counts where its address does not. */
export interface CreditLink {
  readonly href: string;
  readonly text: PageText;
}

/** A stretch of the page's text. */
export interface PageText {
  readonly start: number;
  end: number;
}

export interface Figure {
  caption: PageText | null;
  author: PageText | null;
  license: CreditLink | null;
}

export interface ImageElement {
  readonly kind: 'image';
  readonly around: Around;
  readonly figure: Figure | null;
  readonly picture: Picture | null;
  /** The link that it lies in. */
  readonly link: LinkElement | null;
  readonly fromSrcset: string | null;
  readonly address: string | null;
  readonly title: string | null;
  readonly alt: string | null;
}

export interface LinkElement {
  readonly kind: 'link';
  readonly around: Around;
  readonly figure: Figure | null;
  readonly href: string;
  readonly rel: ReadonlySet<string>;
  /** The first picture in it. */
  image: ImageElement | null;
}

interface Picture {
  /** Largest address of the first source that has one. */
  address: string | null;
}

/** What of a page matters here, in the order of the page. */
export interface PageElements {
  readonly found: readonly (ImageElement | LinkElement)[];
  readonly base: string | null;
  readonly title: string;
  /** First content of each `property` or `name`. */
  readonly meta: ReadonlyMap<string, string>;
  /** Contents of the meta tags for robots, by name in lower case. */
  readonly robots: readonly { readonly name: string; readonly content: string }[];
  readonly license: CreditLink | null;
  readonly licenseHref: string | null;
  /** A stretch of the text, cut where it is long. */
  textOf(text: PageText): string;
}

interface Frame {
  readonly name: string;
  readonly around: Around;
  readonly figure: Figure | null;
  readonly picture: Picture | null;
  readonly link: LinkElement | null;
  /** Texts that end with this element. */
  readonly texts: PageText[];
}

/** Longer than any claim. */
const MAX_TEXT = 4000;
// Icons, spacers and tracking dots say so themselves.
const MIN_DECLARED_PX = 16;
const INHERITED = ['brand', 'category', 'title', 'author', 'license', 'season'] as const;
const MAX_SEASON = 50;
const ATTRIBUTES = new Set([
  ...INHERITED.map((name) => `data-${name}`),
  ...['href', 'rel', 'class', 'src', 'srcset', 'data-src', 'data-original', 'data-srcset'],
  ...['width', 'height', 'title', 'alt', 'name', 'property', 'content'],
]);
const ROOT: Frame = { name: '', around: {}, figure: null, picture: null, link: null, texts: [] };

/**
 * Reads a page in one pass, element by element, without a tree of it: what it takes grows with the length of the page
 * and with nothing else.
 *
 * @throws RejectedSourceError TOO_COSTLY
 */
export function readElements(html: string): PageElements {
  const reader = new ElementReader();
  readTags(html, ATTRIBUTES, reader);
  return reader.elements();
}

class ElementReader implements TagHandler {
  readonly #found: (ImageElement | LinkElement)[] = [];
  readonly #meta = new Map<string, string>();
  readonly #robots: { name: string; content: string }[] = [];
  readonly #frames: Frame[] = [];
  readonly #text: string[] = [];
  #textLength = 0;
  #openTexts = 0;
  #base: string | null = null;
  #title: PageText | null = null;
  #license: CreditLink | null = null;
  #licenseHref: string | null = null;

  open(name: string, attributes: Attributes): void {
    const outer = this.#frames.at(-1) ?? ROOT;
    const around = aroundOf(outer.around, attributes);
    const figure = name === 'figure' ? newFigure() : outer.figure;
    const picture = name === 'picture' ? { address: null } : outer.picture;
    const link = name === 'a' ? (linkOf(attributes, around, figure) ?? outer.link) : outer.link;
    const frame = { name, around, figure, picture, link, texts: [] };
    this.#frames.push(frame);
    this.#readCredit(frame, attributes);
    this.#read(frame, attributes);
  }

  close(): void {
    for (const text of this.#frames.pop()?.texts ?? []) {
      text.end = this.#textLength;
      this.#openTexts -= 1;
    }
  }

  text(text: string): void {
    if (this.#openTexts === 0) return;
    const { name } = this.#frames.at(-1) ?? ROOT;
    if (name === 'script' || name === 'style') return;
    this.#text.push(text);
    this.#textLength += text.length;
  }

  elements(): PageElements {
    const text = this.#text.join('');
    const textOf = ({ start, end }: PageText) => text.slice(start, Math.min(end, start + MAX_TEXT));
    return {
      found: this.#found,
      base: this.#base,
      title: this.#title === null ? '' : textOf(this.#title),
      meta: this.#meta,
      robots: this.#robots,
      license: this.#license,
      licenseHref: this.#licenseHref,
      textOf,
    };
  }

  #read(frame: Frame, attributes: Attributes): void {
    switch (frame.name) {
      case 'img':
        this.#readImage(frame, attributes);
        break;
      case 'a':
        if (frame.link !== null && attributes['href'] !== undefined) this.#found.push(frame.link);
        break;
      case 'source':
        if (frame.picture !== null) {
          frame.picture.address ??= largestOf(attributes['srcset'] ?? '');
        }
        break;
      case 'title':
        this.#title ??= this.#beginText(frame);
        break;
      case 'base':
        this.#base ??= attributes['href'] ?? null;
        break;
      case 'link':
        if (tokensOf(attributes['rel']).has('license')) {
          this.#licenseHref ??= attributes['href'] ?? null;
        }
        break;
      case 'meta':
        this.#readMeta(attributes);
    }
  }

  #readImage({ around, figure, picture, link }: Frame, attributes: Attributes): void {
    const image: ImageElement = {
      kind: 'image',
      around,
      figure,
      picture,
      link,
      fromSrcset:
        largestOf(attributes['srcset'] ?? '') ?? largestOf(attributes['data-srcset'] ?? ''),
      // Pages that load lazily keep the address beside a placeholder.
      address: attributes['data-src'] ?? attributes['data-original'] ?? attributes['src'] ?? null,
      title: cleanClaim('title', attributes['title']),
      alt: cleanClaim('title', attributes['alt']),
    };
    if (link !== null) link.image ??= image;
    if (!isTiny(attributes)) this.#found.push(image);
  }

  #readMeta({ name, property, content }: Attributes): void {
    if (content === undefined) return;
    for (const key of [name, property]) {
      if (key !== undefined && !this.#meta.has(key)) this.#meta.set(key, content);
    }
    if (name !== undefined) this.#robots.push({ name: name.toLowerCase(), content });
  }

  /** Whom a figure or the page names, and the figure's caption. */
  #readCredit(frame: Frame, attributes: Attributes): void {
    const { name, figure } = frame;
    const rel = attributes['rel'];
    const { href } = attributes;
    if (name === 'a' && href !== undefined && tokensOf(rel).has('license')) {
      const link = { href, text: this.#beginText(frame) };
      this.#license ??= link;
      if (figure !== null) figure.license ??= link;
    }
    if (figure === null) return;
    if (name === 'figcaption') figure.caption ??= this.#beginText(frame);
    if (figure.author !== null) return;
    if (tokensOf(rel).has('author') || tokensOf(attributes['class']).has('author')) {
      figure.author = this.#beginText(frame);
    }
  }

  #beginText(frame: Frame): PageText {
    const text = { start: this.#textLength, end: this.#textLength };
    frame.texts.push(text);
    this.#openTexts += 1;
    return text;
  }
}

function newFigure(): Figure {
  return { caption: null, author: null, license: null };
}

function linkOf(
  { href, rel }: Attributes,
  around: Around,
  figure: Figure | null,
): LinkElement | null {
  if (href === undefined) return null;
  return { kind: 'link', around, figure, href, rel: tokensOf(rel), image: null };
}

function aroundOf(outer: Around, attributes: Attributes): Around {
  const own: Record<string, string | null> = {};
  let isSaid = false;
  for (const name of INHERITED) {
    const value = attributes[`data-${name}`];
    if (value === undefined) continue;
    isSaid = true;
    own[name] = name === 'season' ? cleanText(value, MAX_SEASON) : cleanClaim(name, value);
  }
  return isSaid ? { ...outer, ...own } : outer;
}

function tokensOf(list: string | undefined): ReadonlySet<string> {
  return list === undefined ? NO_TOKENS : new Set(list.toLowerCase().split(/\s+/));
}

const NO_TOKENS: ReadonlySet<string> = new Set();

function isTiny(attributes: Attributes): boolean {
  return [attributes['width'], attributes['height']].some(
    (declared) =>
      declared !== undefined && /^\d+$/.test(declared) && Number(declared) < MIN_DECLARED_PX,
  );
}
