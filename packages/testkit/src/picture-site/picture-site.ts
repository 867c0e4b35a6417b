import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HAZARDS, type Hazard, type HazardOptions, strikeWith } from './hazards.ts';
import { imagePath, type Listing, linkPage, listingPage, slugOf } from './pages.ts';
import { type PictureSet, photosOfFolder, photosOfSet, type SitePhoto } from './site-photos.ts';

export interface PictureSiteOptions {
  /** What the site shows: a drawn set (`drawSeasons`, `drawScenes`), or the pictures of a folder. */
  readonly set?: PictureSet;
  readonly folder?: string;
  /** Pictures on one page of a listing. */
  readonly pageSize?: number;
}

export interface SiteRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly userAgent: string | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface PictureSite {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly photos: readonly SitePhoto[];
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly SiteRequest[];
  /** Address of a picture. */
  imageUrl(photo: SitePhoto): string;
  /** Lets a hazard strike every later request to a path (with its query, as `requests` names it). */
  setHazard(path: string, hazard: Hazard, options?: HazardOptions): void;
  /** Ends all hazards set by `setHazard`. */
  clearHazards(): void;
  /** Closes the port and cuts open connections. */
  stop(): Promise<void>;
}

interface Site {
  readonly photos: ReadonlyMap<string, SitePhoto>;
  readonly listings: ReadonlyMap<string, Listing>;
  readonly pages: ReadonlyMap<string, string>;
  readonly hazards: Map<string, { readonly hazard: Hazard; readonly options: HazardOptions }>;
  /** Strikes so far by path. */
  readonly strikes: Map<string, number>;
  readonly requests: SiteRequest[];
  readonly pageSize: number;
}

const ROBOTS = 'User-agent: *\nDisallow: /private/\nAllow: /\n';

/**
 * A site of pictures on a free loopback port:
 * - `/` leads to `/seasons/<season>` and `/private/`; a season's listing leads to `/seasons/<season>/<brand>`; listings have pages
 *   (`?page=2`) and show `<figure data-season data-brand data-category data-license><img>`;
 * - `/robots.txt` disallows `/private/`, a listing of all pictures that an honest scraper never asks for;
 * - `/images/<id>.jpg` are the pictures; `/manifest.jsonl` names them all;
 * - `/hazards` links to `/hazards/<hazard>.jpg`, one for each of `HAZARDS`.
 */
export async function startPictureSite(options: PictureSiteOptions): Promise<PictureSite> {
  const photos = [
    ...(options.set === undefined ? [] : photosOfSet(options.set)),
    ...(options.folder === undefined ? [] : await photosOfFolder(options.folder)),
  ];
  const listings = listingsOf(photos);
  const site: Site = {
    photos: new Map(photos.map((photo) => [imagePath(photo), photo])),
    listings: new Map(listings.map((listing) => [listing.path, listing])),
    pages: linkPages(listings),
    hazards: new Map(),
    strikes: new Map(),
    requests: [],
    pageSize: options.pageSize ?? 24,
  };
  const server = createServer((request, response) => {
    answer(site, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    photos,
    requests: site.requests,
    imageUrl: (photo) => `${url}${imagePath(photo)}`,
    setHazard: (path, hazard, hazardOptions = {}) => {
      site.hazards.set(path, { hazard, options: hazardOptions });
      site.strikes.delete(path);
    },
    clearHazards: () => site.hazards.clear(),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listingsOf(photos: readonly SitePhoto[]): Listing[] {
  const seasons = [...new Set(photos.map((photo) => photo.season))];
  const bySeason = seasons.flatMap((season) => {
    const path = `/seasons/${slugOf(season)}`;
    const inSeason = photos.filter((photo) => photo.season === season);
    const brands = [...new Set(inSeason.map((photo) => photo.brand))];
    return [
      { title: season, path, photos: inSeason },
      ...brands.map((brand) => ({
        title: `${brand} ${season}`,
        path: `${path}/${slugOf(brand)}`,
        photos: inSeason.filter((photo) => photo.brand === brand),
      })),
    ];
  });
  return [...bySeason, { title: 'Archive', path: '/private/', photos }];
}

function linkPages(listings: readonly Listing[]): ReadonlyMap<string, string> {
  const links = listings.map(({ path, title }) => [path, title] as const);
  const hazards = HAZARDS.map((hazard) => [`/hazards/${hazard}.jpg`, hazard] as const);
  return new Map([
    ['/', linkPage('Runway pictures', links)],
    ['/hazards', linkPage('Hazards', hazards)],
  ]);
}

async function answer(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? '/';
  const { pathname, searchParams } = new URL(path, 'http://127.0.0.1');
  const userAgent = request.headers['user-agent'];
  site.requests.push({ method: request.method ?? 'GET', path, userAgent, at: Date.now() });
  const standing = HAZARDS.find((hazard) => pathname === `/hazards/${hazard}.jpg`);
  const found = site.hazards.get(path) ?? (standing && { hazard: standing, options: {} });
  const good = await goodAnswer(site, pathname, searchParams);
  if (found !== undefined) {
    const earlier = site.strikes.get(path) ?? 0;
    site.strikes.set(path, earlier + 1);
    strikeWith(found.hazard, { response, path, earlier, options: found.options, good });
    return;
  }
  const { status, contentType, bytes } = good;
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

async function goodAnswer(site: Site, pathname: string, query: URLSearchParams) {
  const html = (content: string) => text(200, 'text/html; charset=utf-8', content);
  if (pathname === '/robots.txt') return text(200, 'text/plain', ROBOTS);
  if (pathname === '/manifest.jsonl') return text(200, 'application/jsonl', manifestOf(site));
  const fixed = site.pages.get(pathname);
  if (fixed !== undefined) return html(fixed);
  const listing = site.listings.get(pathname);
  const number = Number(query.get('page') ?? '1');
  const page = listing && listingPage(listing, number, site.pageSize);
  if (page !== undefined) return html(page);
  // The hazards' own addresses show the first picture where they let it through.
  const photo = pathname.startsWith('/hazards/')
    ? [...site.photos.values()][0]
    : site.photos.get(pathname);
  if (photo === undefined) return text(404, 'text/plain', 'No such page');
  return { status: 200, contentType: contentTypeOf(photo), bytes: await photo.read() };
}

function text(status: number, contentType: string, content: string) {
  return { status, contentType, bytes: new TextEncoder().encode(content) };
}

function contentTypeOf({ extension }: SitePhoto): string {
  return `image/${extension.slice(1).replace(/^jpg$/, 'jpeg')}`;
}

function manifestOf(site: Site): string {
  const lines = [...site.photos].map(([url, { season, brand, category, title }]) =>
    JSON.stringify({ url, season, brand, category, title, author: brand, license: 'CC0-1.0' }),
  );
  return lines.map((line) => `${line}\n`).join('');
}
