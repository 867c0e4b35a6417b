import { ArrayShapeError } from './errors.ts';
import { checkRgb, type RgbImage } from './image.ts';
import { byteOfLinear, linearOfByte } from './oklab.ts';

const DIGITS =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~';

type LinearColor = readonly [number, number, number];
const BLACK: LinearColor = [0, 0, 0];

/**
 * BlurHash (the public algorithm by Wolt, 2018): the first cosine terms of a picture in linear light, as a text of about 30
 * characters that a page turns into a blurred picture while the real one loads. As the reference in C: the npm package blurhash clips
 * where the largest term is negative.
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
  const [mean = BLACK, ...rest] = terms;
  const largest = Math.max(0, ...rest.flat().map(Math.abs));
  const scale = rest.length === 0 ? 0 : clampInt(largest * 166 - 0.5, 0, 82);
  const packedMean = mean.reduce((sum, value) => sum * 256 + byteOfLinear(value), 0);
  return [
    base83(xTerms - 1 + (yTerms - 1) * 9, 1),
    base83(scale, 1),
    base83(packedMean, 4),
    ...rest.map((term) => base83(packedTerm(term, (scale + 1) / 166), 2)),
  ].join('');
}

/** Term (i, j) of the cosine transform, normalized so that (0, 0) is the mean. */
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
  return term.reduce((sum, value) => {
    const root = Math.sign(value) * Math.sqrt(Math.abs(value) / scale);
    return sum * 19 + clampInt(root * 9 + 9.5, 0, 18);
  }, 0);
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
