import { deflateSync, gzipSync } from 'node:zlib';
import { type ClassOf, type Draw, integer, oneOf, type SourceInput, type Taken } from '../input.ts';
import { drawnPng } from '../pictures.ts';
import { type Answer, inHalves, picture, trickling } from '../site.ts';
import { ONE, page } from './ways-of-pictures.ts';

const LATE: Taken = { photos: 0, codes: ['TIMEOUT'] };
const TOO_LARGE: Taken = { photos: 0, codes: ['TOO_LARGE'] };
/** It says that it is short, so that it does not wait for the memory of a long one. */
const TRICKLE = trickling({ 'content-type': 'image/jpeg', 'content-length': '1000' });
/** How a host answers that does not mean to, and how often it may be asked for each of its pictures. */
const SLOW: readonly (readonly [Answer, visits: number])[] = [
  [TRICKLE, 1],
  // It may be one fault of the moment.
  [() => undefined, 2],
];
/** The page and its robots.txt. */
const OTHER_VISITS = 2;
/** Enough of them for more than 15 minutes in a row, at four seconds each. */
const MANY = 280;
/** 15 minutes of them, and what is under way then. */
const MAX_ASKED = 240;

/** Each answer takes all its time; where there are many the host is left. */
function slowHost(draw: Draw): SourceInput {
  if (draw.number === 0) {
    const pictures = Array.from({ length: MANY }, () => TRICKLE);
    const maxVisits = MAX_ASKED + OTHER_VISITS;
    return { ...page(draw, pictures, LATE), maxVisits, isAlone: true };
  }
  const [answer, visits] = oneOf(draw.random, SLOW);
  const pictures = Array.from({ length: integer(draw.random, 2, 4) }, () => answer);
  return { ...page(draw, pictures, LATE), maxVisits: visits * pictures.length + OTHER_VISITS };
}

/** What a packed body may begin with, and a part that gives no output and may be repeated. */
const NOTHING = [
  { encoding: 'gzip', start: Buffer.alloc(0), part: gzipSync('') },
  // An empty block, stored as it is.
  {
    encoding: 'deflate',
    start: Buffer.from('7801', 'hex'),
    part: Buffer.from('000000ffff', 'hex'),
  },
] as const;
/** More than a page or a picture may have. */
const TOO_MANY_BYTES = 6_000_000;

function packedNothing({ random, number }: Draw, type: string): Answer {
  const { encoding, start, part } = oneOf(random, NOTHING);
  const bytes = number === 0 ? 10 * TOO_MANY_BYTES : integer(random, TOO_MANY_BYTES, 12_000_000);
  const parts = Buffer.alloc(bytes - (bytes % part.length), part);
  const headers = { 'content-encoding': encoding };
  return picture(Buffer.concat([start, parts]), type, headers);
}

/** As tools write it that pack in pieces: an empty one stands at the end. */
const packedInPieces = (...pieces: readonly Uint8Array[]): Buffer =>
  Buffer.concat([...pieces, Buffer.alloc(0)].map((piece) => gzipSync(piece)));

function packedPicture({ random }: Draw): Answer {
  const whole = drawnPng(random);
  const at = integer(random, 1, whole.length - 1);
  const pieces = packedInPieces(whole.subarray(0, at), whole.subarray(at));
  return random() < 0.7
    ? picture(pieces, 'image/png', { 'content-encoding': 'gzip' })
    : picture(deflateSync(whole), 'image/png', { 'content-encoding': 'deflate' });
}

function packedPage(shown: SourceInput, { mark, random }: Draw): SourceInput {
  if (random() < 0.5) return shown;
  const body = packedInPieces(Buffer.from('<img '), Buffer.from('src="0">'));
  const headers = { 'content-type': 'text/html', 'content-encoding': 'gzip' };
  return { ...shown, answers: { ...shown.answers, [`/${mark}/`]: { headers, body } } };
}

/** What takes its time and gives nothing. */
export const SLOW_CLASSES: readonly ClassOf<'source'>[] = [
  {
    door: 'source',
    name: 'host that takes its time and gives nothing',
    guard: 'services/scraper/src/http/host-limiter.ts',
    hostile: slowHost,
    honest: (draw) => {
      const { random } = draw;
      const pictures = Array.from({ length: integer(random, 2, 4) }, () =>
        inHalves('image/png', drawnPng(random), integer(random, 100, 1000)),
      );
      return page(draw, pictures, { photos: pictures.length, codes: [] });
    },
  },
  {
    door: 'source',
    name: 'body that unpacks to nothing',
    guard: 'services/scraper/src/http/read-body.ts',
    hostile: (draw) => {
      const isPage = draw.random() < 0.5;
      const answer = packedNothing(draw, isPage ? 'text/html' : 'image/png');
      const shown = { ...page(draw, [answer], TOO_LARGE), expected: [TOO_LARGE, LATE] };
      return isPage ? { ...shown, answers: { [`/${draw.mark}/`]: answer } } : shown;
    },
    honest: (draw) => packedPage(page(draw, [packedPicture(draw)], ONE), draw),
  },
];
