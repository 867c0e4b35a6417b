import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { pngFile } from './png-file.ts';

/** What can go wrong with an address, and how each looks from outside. */
export const HAZARDS = [
  /** Answers in full, after `delayMs`. */
  'slow',
  /** Headers at once, then the body byte by byte, `delayMs` apart, for ever. */
  'trickle',
  'not-found',
  /** 429 with Retry-After `retryAfterSeconds`, `times` times, then good. */
  'too-many-requests',
  /** 503, `times` times, then good. */
  'error-then-good',
  /** 500 for ever. */
  'error',
  /** The picture, called application/octet-stream. */
  'wrong-content-type',
  /** A page with a sign-in form, called image/jpeg. */
  'html-as-image',
  /** A page with a sign-in form, status 200, text/html. */
  'html-instead-of-image',
  /** Content-Length of the whole, half of the bytes, connection closed. */
  'truncated-body',
  /** Half of the bytes with the Content-Length of that half. */
  'truncated-file',
  'redirect-loop',
  /** To the metadata address of cloud machines, 169.254.169.254. */
  'redirect-to-private-address',
  /** To file:///etc/passwd. */
  'redirect-to-file',
  /** Content-Length of 1 TB, then a first kilobyte and silence. */
  'huge-content-length',
  /** No Content-Length, bytes without end. */
  'endless-body',
  /** 100 MB of zeros as 100 kB of gzip. */
  'gzip-bomb',
  /** A PNG of 20,000 x 20,000 pixels in 50 kB. */
  'pixel-bomb',
  /** The connection is cut before any answer. */
  'connection-reset',
  'empty-body',
] as const;

export type Hazard = (typeof HAZARDS)[number];

export interface HazardOptions {
  readonly delayMs?: number;
  readonly retryAfterSeconds?: number;
  /** How often the hazards that pass strike. */
  readonly times?: number;
}

/** What a hazard needs of the request it strikes. */
export interface Strike {
  readonly response: ServerResponse;
  /** Path and query of the request. */
  readonly path: string;
  /** The bytes that the address would give, and their type. */
  readonly good: { readonly bytes: Uint8Array; readonly contentType: string };
  /** How often this hazard has struck this address before. */
  readonly earlier: number;
  readonly options: HazardOptions;
}

const SIGN_IN = '<!doctype html><title>Sign in</title><form><input name="password"></form>';
const CHUNK = new Uint8Array(64 * 1024).fill(0x41);

function send(strike: Strike, status: number, headers: Record<string, string>, body?: Uint8Array) {
  strike.response.writeHead(status, headers);
  strike.response.end(body);
}

function sendGood(strike: Strike): void {
  const { bytes, contentType } = strike.good;
  send(strike, 200, { 'content-type': contentType, 'content-length': `${bytes.length}` }, bytes);
}

function redirect(strike: Strike, location: string): void {
  send(strike, 302, { location });
}

function sendHtml(strike: Strike, contentType: string): void {
  send(strike, 200, { 'content-type': contentType }, Buffer.from(SIGN_IN));
}

function slow(strike: Strike): void {
  const timer = setTimeout(() => sendGood(strike), strike.options.delayMs ?? 30_000);
  strike.response.on('close', () => clearTimeout(timer));
}

function trickle(strike: Strike): void {
  const { response, good, options } = strike;
  response.writeHead(200, { 'content-type': good.contentType });
  let at = 0;
  const timer = setInterval(() => {
    response.write(Uint8Array.of(good.bytes[at % good.bytes.length] ?? 0));
    at++;
  }, options.delayMs ?? 100);
  response.on('close', () => clearInterval(timer));
}

function passing(strike: Strike, status: number, headers: Record<string, string>): void {
  if (strike.earlier < (strike.options.times ?? 1)) send(strike, status, headers);
  else sendGood(strike);
}

function half(strike: Strike, claimWhole: boolean): void {
  const { response, good } = strike;
  const part = good.bytes.subarray(0, Math.floor(good.bytes.length / 2));
  const length = claimWhole ? good.bytes.length : part.length;
  response.writeHead(200, {
    'content-type': good.contentType,
    'content-length': `${length}`,
  });
  response.write(part, () => (claimWhole ? response.destroy() : response.end()));
}

function hugeContentLength(strike: Strike): void {
  strike.response.writeHead(200, {
    'content-type': strike.good.contentType,
    'content-length': `${10 ** 12}`,
  });
  strike.response.write(CHUNK.subarray(0, 1024));
}

function endless({ response, good }: Strike): void {
  response.writeHead(200, { 'content-type': good.contentType });
  const fill = () => {
    while (!response.destroyed && response.write(CHUNK));
  };
  response.on('drain', fill);
  fill();
}

function gzipBomb(strike: Strike): void {
  const headers = { 'content-type': strike.good.contentType, 'content-encoding': 'gzip' };
  send(strike, 200, headers, gzipSync(new Uint8Array(100_000_000)));
}

/** One bit a pixel, all black. */
function pixelBomb(sidePx: number): Uint8Array {
  const rows = new Uint8Array(sidePx * (1 + Math.ceil(sidePx / 8)));
  return pngFile({ widthPx: sidePx, heightPx: sidePx }, rows);
}

const STRIKES: Record<Hazard, (strike: Strike) => void> = {
  slow,
  trickle,
  'not-found': (strike) => send(strike, 404, { 'content-type': 'text/plain' }),
  'too-many-requests': (strike) =>
    passing(strike, 429, { 'retry-after': `${strike.options.retryAfterSeconds ?? 1}` }),
  'error-then-good': (strike) => passing(strike, 503, {}),
  error: (strike) => send(strike, 500, {}),
  'wrong-content-type': (strike) =>
    send(strike, 200, { 'content-type': 'application/octet-stream' }, strike.good.bytes),
  'html-as-image': (strike) => sendHtml(strike, 'image/jpeg'),
  'html-instead-of-image': (strike) => sendHtml(strike, 'text/html; charset=utf-8'),
  'truncated-body': (strike) => half(strike, true),
  'truncated-file': (strike) => half(strike, false),
  'redirect-loop': (strike) => redirect(strike, strike.path),
  'redirect-to-private-address': (strike) =>
    redirect(strike, 'http://169.254.169.254/latest/meta-data/'),
  'redirect-to-file': (strike) => redirect(strike, 'file:///etc/passwd'),
  'huge-content-length': hugeContentLength,
  'endless-body': endless,
  'gzip-bomb': gzipBomb,
  'pixel-bomb': (strike) => send(strike, 200, { 'content-type': 'image/png' }, pixelBomb(20_000)),
  'connection-reset': (strike) => {
    strike.response.destroy();
  },
  'empty-body': (strike) => send(strike, 200, { 'content-type': 'image/jpeg' }),
};

/** Answers a request as the hazard does. */
export function strikeWith(hazard: Hazard, strike: Strike): void {
  STRIKES[hazard](strike);
}
