import type { SitePhoto } from './site-photos.ts';

export interface Listing {
  readonly title: string;
  /** Address of the listing without its page number. */
  readonly path: string;
  readonly photos: readonly SitePhoto[];
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function page(title: string, head: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>${head}</head>` +
    `<body><h1>${escaped(title)}</h1>${body}</body></html>`
  );
}

/** Address of a picture on the site. */
export function imagePath(photo: SitePhoto): string {
  return `/images/${encodeURIComponent(photo.id)}${photo.extension}`;
}

export function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function figure(photo: SitePhoto): string {
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    ['season', photo.season],
    ['brand', photo.brand],
    ['category', photo.category],
    ['author', `${photo.brand} press office`],
    ['license', 'CC0-1.0'],
  ];
  const data = facts
    .map(([name, value]) => (value === undefined ? '' : ` data-${name}="${escaped(value)}"`))
    .join('');
  return (
    `<figure class="look"${data}><img src="${imagePath(photo)}" alt="${escaped(photo.title)}" loading="lazy">` +
    `<figcaption>${escaped(photo.title)}</figcaption></figure>`
  );
}

/**
 * One page of a listing, with `rel="next"` and `rel="prev"` links. The way home is `nofollow`, so that a crawl of one season
 * does not wander into another.
 * @param number from 1
 */
export function listingPage(
  listing: Listing,
  number: number,
  pageSize: number,
): string | undefined {
  const { title, path, photos } = listing;
  const pages = Math.max(1, Math.ceil(photos.length / pageSize));
  if (number < 1 || number > pages) return undefined;
  const shown = photos.slice((number - 1) * pageSize, number * pageSize);
  const step = (rel: string, to: number, label: string) =>
    to < 1 || to > pages ? '' : `<a rel="${rel}" href="${path}?page=${to}">${label}</a> `;
  const steps = step('prev', number - 1, 'Earlier looks') + step('next', number + 1, 'More looks');
  return page(
    `${title} (${number} of ${pages})`,
    '',
    `<nav><a href="/" rel="nofollow">Home</a> ${steps}</nav><main>${shown.map(figure).join('')}</main>`,
  );
}

/** A page that only leads to others. */
export function linkPage(
  title: string,
  links: readonly (readonly [href: string, label: string])[],
) {
  const items = links.map(([href, label]) => `<li><a href="${href}">${escaped(label)}</a></li>`);
  return page(title, '', `<ul>${items.join('')}</ul>`);
}
