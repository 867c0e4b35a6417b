import { type SettingsTable, text } from '@deepstyle/platform';

export interface ScraperSettings {
  readonly folders: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly userAgent: string;
  readonly concurrency: number;
  readonly hostConcurrency: number;
  readonly requestTimeoutMs: number;
  readonly retries: number;
  readonly retryBaseMs: number;
  readonly maxPhotoBytes: number;
  readonly maxPhotoPixels: number;
  readonly maxPages: number;
  readonly maxDepth: number;
  readonly maxPhotos: number;
}

export const SCRAPER_SETTINGS: SettingsTable<ScraperSettings> = {
  folders: {
    env: 'SCRAPER_FOLDERS',
    schema: text.list(),
    default: '*',
    description:
      'folders that runs may read photographs and manifests from, comma-separated; * allows all (for a machine of your own), empty allows none (for a cluster)',
  },
  allowedHosts: {
    env: 'SCRAPER_ALLOWED_HOSTS',
    schema: text.list(),
    default: '',
    description:
      'host names and addresses that may be reached although they are private, comma-separated; empty: public addresses only',
  },
  userAgent: {
    env: 'SCRAPER_USER_AGENT',
    schema: text.string(),
    default: 'DeepStyle/1.0',
    description:
      'how the scraper names itself; robots.txt is searched for the part before the slash. Add a contact address: DeepStyle/1.0 (+https://example.org/contact)',
  },
  concurrency: {
    env: 'SCRAPER_CONCURRENCY',
    schema: text.integer(1, 256),
    default: '16',
    description: 'photographs read and checked at once',
  },
  hostConcurrency: {
    env: 'SCRAPER_HOST_CONCURRENCY',
    schema: text.integer(1, 64),
    default: '6',
    description: 'requests under way at once to one host',
  },
  requestTimeoutMs: {
    env: 'SCRAPER_REQUEST_TIMEOUT_MS',
    schema: text.integer(50, 600_000),
    default: '30000',
    description: 'longest time for one answer, from the request to its last byte',
  },
  retries: {
    env: 'SCRAPER_RETRIES',
    schema: text.integer(0, 10),
    default: '4',
    description: 'further attempts after a status of 408, 429 or 5xx or a broken connection',
  },
  retryBaseMs: {
    env: 'SCRAPER_RETRY_BASE_MS',
    schema: text.integer(1, 60_000),
    default: '500',
    description: 'wait before the first further attempt; it doubles with each',
  },
  maxPhotoBytes: {
    env: 'SCRAPER_MAX_PHOTO_BYTES',
    schema: text.integer(1_000, 1_000_000_000),
    default: '30000000',
    description: 'largest photograph in bytes',
  },
  maxPhotoPixels: {
    env: 'SCRAPER_MAX_PHOTO_PIXELS',
    schema: text.integer(256, 1_000_000_000),
    default: '50000000',
    description: 'largest photograph in pixels',
  },
  maxPages: {
    env: 'SCRAPER_MAX_PAGES',
    schema: text.integer(1, 100_000),
    default: '500',
    description: 'pages read from one start page',
  },
  maxDepth: {
    env: 'SCRAPER_MAX_DEPTH',
    schema: text.integer(0, 100),
    default: '3',
    description:
      'links followed in a row from a start page; the next page of a listing (rel="next") is no deeper; 0 reads the start page and those',
  },
  maxPhotos: {
    env: 'SCRAPER_MAX_PHOTOS',
    schema: text.integer(1, 10_000_000),
    default: '100000',
    description: 'sources taken in one run',
  },
};
