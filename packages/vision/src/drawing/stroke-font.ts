/**
 * Letters as lines of a pen: a label looks the same on every machine, whatever fonts it has. Pure.
 *
 * A letter is a list of lines, each a list of points of two base-36 digits, x and y: the top of a capital is 0, that of a
 * small letter 4, the baseline 12 (`c`), the lowest point 16 (`g`).
 */
const LETTERS: Readonly<Record<string, string>> = {
  A: '0c408c 2868',
  B: '0c00507274560656787a5c0c',
  C: '826020020a2c6c8a',
  D: '005083895c0c00',
  E: '60000c6c 0656',
  F: '60000c 0656',
  G: '826020020a2c6c8a8656',
  H: '000c 707c 0676',
  I: '000c',
  J: '505a3c1c0a',
  K: '000c 7007 347c',
  L: '000c6c',
  M: '0c0047808c',
  N: '0c007c70',
  O: '2060828a6c2c0a0220',
  P: '0c005072755707',
  Q: '2060828a6c2c0a0220 598d',
  R: '0c005072755707 377c',
  S: '71502002042656787a5c2c0b',
  T: '0080 404c',
  U: '000a2c5c7a70',
  V: '004c80',
  W: '002c548ca0',
  X: '007c 700c',
  Y: '004680 464c',
  Z: '00700c7c',
  a: '664424060a2c4c6a 646c',
  b: '000c 062444666a4c2c0a',
  c: '654424060a2c4c6b',
  d: '606c 664424060a2c4c6a',
  e: '0868664424060a2c4c6b',
  f: '4030121c 0434',
  g: '664424060a2c4c6a 646e4g2g0f',
  h: '000c 062444666c',
  i: '040c 0001',
  j: '242e1g0g 2021',
  k: '000c 5409 275c',
  l: '000a1c2c',
  m: '040c 061444565c 566494a6ac',
  n: '040c 062444666c',
  o: '2444666a4c2c0a0624',
  p: '040g 062444666a4c2c0a',
  q: '646g 664424060a2c4c6a',
  r: '040c 072444',
  s: '55441405071848595b4c1c0b',
  t: '111a2c4c 0444',
  u: '040a2c4c6a 646c',
  v: '043c64',
  w: '042c466c84',
  x: '045c 540c',
  y: '043c 641g',
  z: '04540c5c',
  0: '2040626a4c2c0a0220',
  1: '12303c',
  2: '02204062640c6c',
  3: '0120406264462646686a4c2c0b',
  4: '4c400868',
  5: '6010062545676a4c2c0a',
  6: '514020020a2c4c6a68462608',
  7: '00602c',
  8: '204062644626040220 26080a2c4c6a6846',
  9: '1b2c4c6a6240200204264664',
  '-': '0848',
  _: '0e6e',
  '.': '0b0c',
  ',': '1b0e',
  ':': '0506 0b0c',
  ';': '1516 1b0e',
  '!': '0008 0b0c',
  '?': '01204062643738 3b3c',
  '%': '800c 102031332414030110 6878898b7c6c5b5968',
  '/': '500c',
  '\\': '005c',
  '(': '3003093c',
  ')': '0033390c',
  '[': '30000c3c',
  ']': '00303c0c',
  '{': '3020111506171b2c3c',
  '}': '0010212526272b1c0c',
  '+': '0868 353b',
  '=': '0666 0a6a',
  '*': '3137 0266 6206',
  '&': '7c131120405153080a2c4c78',
  '#': '201c 605c 0474 0878',
  "'": '0003',
  '"': '0003 3033',
  '`': '0022',
  '@': '9c3c090330609397887867646554443537485867',
  '<': '53075b',
  '>': '03570b',
  '|': '000e',
  '~': '081626485866',
  '^': '033063',
  $: '71502002042656787a5c2c0b 404c',
};
/** A letter that the pen does not know: an empty frame. */
const UNKNOWN = '00606c0c00';
/** What has no form of its own after its accents are gone. */
const SPELLINGS: Readonly<Record<string, string>> = {
  ...{
    ß: 'ss',
    æ: 'ae',
    Æ: 'AE',
    œ: 'oe',
    Œ: 'OE',
    ø: 'o',
    Ø: 'O',
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    ı: 'i',
  },
  ...{ '–': '-', '—': '-', '‘': "'", '’': "'", '“': '"', '”': '"' },
};

/** Above the baseline. */
export const CAPITAL_UNITS = 12;
/** Below the baseline. */
export const DESCENT_UNITS = 4;
/** Half the width of the pen. */
export const PEN_RADIUS_UNITS = 0.85;
const GAP_UNITS = 3;
const SPACE_UNITS = 5;

/** From x, y to x, y. */
export type Line = readonly [number, number, number, number];

export interface PenText {
  readonly widthUnits: number;
  /** From the upper left corner of a capital; y down. */
  readonly lines: readonly Line[];
}

/** A text in one line as the pen writes it. Accents are left out, and letters without a form become a frame. */
export function penText(text: string): PenText {
  const lines: Line[] = [];
  let x = 0;
  for (const letter of plain(text)) {
    const strokes = strokesOf(letter);
    const points = strokes.flat();
    for (const stroke of strokes) {
      for (const [i, [toX, toY]] of stroke.slice(1).entries()) {
        const [fromX, fromY] = stroke[i] as Point;
        lines.push([x + fromX, fromY, x + toX, toY]);
      }
    }
    const width = letter === ' ' ? SPACE_UNITS - GAP_UNITS : Math.max(...points.map(([px]) => px));
    x += width + GAP_UNITS;
  }
  return { widthUnits: Math.max(0, x - GAP_UNITS), lines };
}

type Point = readonly [number, number];

/** Letters without accents; line breaks and the like are spaces. */
function plain(text: string): string[] {
  const bare = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(/\s+/g, ' ');
  return [...bare].flatMap((letter) => [...(SPELLINGS[letter] ?? letter)]);
}

type Strokes = readonly (readonly Point[])[];

const strokesIn = (form: string): Strokes => form.split(' ').map(pointsOf);
const STROKES = new Map(Object.entries(LETTERS).map(([letter, form]) => [letter, strokesIn(form)]));
const UNKNOWN_STROKES = strokesIn(UNKNOWN);

function strokesOf(letter: string): Strokes {
  return letter === ' ' ? [] : (STROKES.get(letter) ?? UNKNOWN_STROKES);
}

function pointsOf(stroke: string): readonly Point[] {
  const digits = [...stroke].map((digit) => Number.parseInt(digit, 36));
  return Array.from({ length: digits.length / 2 }, (_, i) => {
    return [digits[2 * i], digits[2 * i + 1]] as unknown as Point;
  });
}
