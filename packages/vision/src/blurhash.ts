import { ArrayShapeError, VisionError } from './errors.ts';
import { checkRgb, type RgbImage } from './image.ts';
import { byteOfLinear, linearOfByte } from './oklab.ts';

/** A text that is no BlurHash. */
export class InvalidBlurhashError extends VisionError {
  constructor(why: string) {
    super('INVALID_BLURHASH', `Not a BlurHash: ${why}.`);
  }
}

const DIGITS =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~';

type LinearColor = readonly [number, number, number];

/**
 * BlurHash (the public algorithm by Wolt, 2018): the first cosine terms of a picture in linear light, as a text of about 30
 * characters that a page turns into a blurred picture while the real one loads.
 * @param image best some 32 px wide: the result is the same, in a fraction of the time
 * @param xTerms, yTerms cosine terms across and down, 1..9
 */
export function encodeBlurhash(image: RgbImage, xTerms = 4, yTerms = 3): string {
  checkRgb(image);
  if (![xTerms, yTerms].every((terms) => Number.isInteger(terms) && terms >= 1 && terms <= 9)) {
    throw new ArrayShapeError('BlurHash terms', 'whole numbers 1..9', `${xTerms} x ${yTerms}`);
  }
  const terms: LinearColor[] = [];
  for (let j = 0; j < yTerms; j++) {
    for (let i = 0; i < xTerms; i++) terms.push(cosineTerm(image, i, j));
  }
  const [mean, ...rest] = terms as [LinearColor, ...LinearColor[]];
  const largest = Math.max(0, ...rest.flat().map(Math.abs));
  const scale = rest.length === 0 ? 0 : clampInt(largest * 166 - 0.5, 0, 82);
  const [red, green, blue] = mean.map(byteOfLinear) as [number, number, number];
  return [
    base83(xTerms - 1 + (yTerms - 1) * 9, 1),
    base83(scale, 1),
    base83(red * 65536 + green * 256 + blue, 4),
    ...rest.map((term) => base83(packedTerm(term, (scale + 1) / 166), 2)),
  ].join('');
}

/** Term (i, j) of the cosine transform, normalised so that (0, 0) is the mean. */
function cosineTerm({ width, height, data }: RgbImage, i: number, j: number): LinearColor {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = 0; y < height; y++) {
    const down = Math.cos((Math.PI * j * y) / height);
    for (let x = 0; x < width; x++) {
      const basis = Math.cos((Math.PI * i * x) / width) * down;
      const at = (y * width + x) * 3;
      red += basis * linearOfByte(data[at] as number);
      green += basis * linearOfByte(data[at + 1] as number);
      blue += basis * linearOfByte(data[at + 2] as number);
    }
  }
  const factor = (i === 0 && j === 0 ? 1 : 2) / (width * height);
  return [red * factor, green * factor, blue * factor];
}

/** Three numbers 0..18: each channel's square root with its sign, in nine steps either way. */
function packedTerm(term: LinearColor, scale: number): number {
  const [red, green, blue] = term.map((value) =>
    clampInt(Math.sign(value) * Math.sqrt(Math.abs(value) / scale) * 9 + 9.5, 0, 18),
  ) as [number, number, number];
  return red * 361 + green * 19 + blue;
}

function clampInt(value: number, low: number, high: number): number {
  return Math.floor(Math.min(high, Math.max(low, value)));
}

function base83(value: number, length: number): string {
  let text = '';
  for (let place = length - 1; place >= 0; place--) {
    text += DIGITS[Math.floor(value / 83 ** place) % 83];
  }
  return text;
}

function numberOf(text: string): number {
  let value = 0;
  for (const digit of text) {
    const place = DIGITS.indexOf(digit);
    if (place < 0) throw new InvalidBlurhashError(`'${digit}' is no digit of it`);
    value = value * 83 + place;
  }
  return value;
}

/**
 * The blurred picture of a BlurHash.
 * @throws InvalidBlurhashError
 */
export function decodeBlurhash(hash: string, width: number, height: number): RgbImage {
  if (hash.length < 6)
    throw new InvalidBlurhashError(`it has ${hash.length} characters, not 6 or more`);
  const sizes = numberOf(hash.slice(0, 1));
  const xTerms = (sizes % 9) + 1;
  const yTerms = Math.floor(sizes / 9) + 1;
  const expected = 4 + 2 * xTerms * yTerms;
  if (hash.length !== expected) {
    throw new InvalidBlurhashError(
      `${xTerms} x ${yTerms} terms take ${expected} characters, and it has ${hash.length}`,
    );
  }
  const scale = (numberOf(hash.slice(1, 2)) + 1) / 166;
  const mean = numberOf(hash.slice(2, 6));
  const terms: LinearColor[] = [
    [linearOfByte((mean >> 16) & 255), linearOfByte((mean >> 8) & 255), linearOfByte(mean & 255)],
  ];
  for (let at = 6; at < hash.length; at += 2) {
    const packed = numberOf(hash.slice(at, at + 2));
    const steps = [Math.floor(packed / 361), Math.floor(packed / 19) % 19, packed % 19];
    terms.push(steps.map((step) => unpacked(step, scale)) as unknown as LinearColor);
  }
  return renderTerms(terms, xTerms, width, height);
}

function unpacked(step: number, scale: number): number {
  const value = (step - 9) / 9;
  return Math.sign(value) * value * value * scale;
}

function renderTerms(
  terms: readonly LinearColor[],
  xTerms: number,
  width: number,
  height: number,
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0] as [number, number, number];
      for (const [n, [red, green, blue]] of terms.entries()) {
        const i = n % xTerms;
        const j = Math.floor(n / xTerms);
        const basis = Math.cos((Math.PI * i * x) / width) * Math.cos((Math.PI * j * y) / height);
        sum[0] += red * basis;
        sum[1] += green * basis;
        sum[2] += blue * basis;
      }
      data.set(sum.map(byteOfLinear), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}
