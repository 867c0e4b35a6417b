/**
 * OKLab (Bjorn Ottosson, 2020): a color space whose Euclidean distance follows what the eye sees. L in [0, 1], a and b
 * about [-0.4, 0.4]. A distance of about 0.02 is just noticeable; black to white is 1.
 */
export interface OkLab {
  readonly l: number;
  readonly a: number;
  readonly b: number;
}

/** sRGB byte -> linear light in [0, 1] (IEC 61966-2-1). */
const LINEAR_OF_BYTE = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/** Linear light in [0, 1] of an sRGB byte. */
export function linearOfByte(byte: number): number {
  return LINEAR_OF_BYTE[byte] as number;
}

/** sRGB byte, 0..255, of linear light; values outside [0, 1] are clipped. */
export function byteOfLinear(linear: number): number {
  const clipped = Math.min(1, Math.max(0, linear));
  const value = clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(value * 255);
}

/** OKLab of an sRGB color. @param red, green, blue bytes 0..255 */
export function oklabOfRgb(red: number, green: number, blue: number): OkLab {
  const r = linearOfByte(red);
  const g = linearOfByte(green);
  const b = linearOfByte(blue);
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    l: 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    a: 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    b: 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  };
}

/** The sRGB bytes of an OKLab color; colors that a screen cannot show are clipped per channel. */
export function rgbOfOklab({ l, a, b }: OkLab): readonly [number, number, number] {
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    byteOfLinear(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    byteOfLinear(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    byteOfLinear(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

/** Euclidean distance of two colors in OKLab. */
export function oklabDistance(one: OkLab, other: OkLab): number {
  const l = one.l - other.l;
  const a = one.a - other.a;
  const b = one.b - other.b;
  // Not Math.hypot: it guards against overflow, which cannot happen here, at ten times the price.
  return Math.sqrt(l * l + a * a + b * b);
}

/** `#rrggbb`, lower case. */
export function hexOfOklab(lab: OkLab): string {
  return `#${rgbOfOklab(lab)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** OKLab of `#rrggbb`. */
export function oklabOfHex(hex: string): OkLab {
  const value = Number.parseInt(hex.replace('#', ''), 16);
  return oklabOfRgb((value >> 16) & 255, (value >> 8) & 255, value & 255);
}
