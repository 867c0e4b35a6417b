/** What a garment covers; the words of DeepFashion's category types. */
export type GarmentType = 'upper' | 'lower' | 'full';

/** The drawn categories, each with its type. */
export const GARMENT_TYPES = {
  dress: 'full',
  coat: 'full',
  jacket: 'upper',
  shirt: 'upper',
  't-shirt': 'upper',
  skirt: 'lower',
  trousers: 'lower',
  shorts: 'lower',
} as const satisfies Record<string, GarmentType>;

export type GarmentCategory = keyof typeof GARMENT_TYPES;

export const GARMENT_CATEGORIES = Object.keys(GARMENT_TYPES) as readonly GarmentCategory[];

/** A garment as SVG paths in a box of 100 x 130 units, symmetric about x = 50. */
export interface GarmentShape {
  /** The outline that is filled with cloth. */
  readonly outline: string;
  /** Seams, collars and folds: strokes over the cloth. */
  readonly lines: readonly string[];
  /** Small closed shapes over the cloth: buttons, buckles. */
  readonly details: readonly string[];
  /** From its highest to its lowest point, units. */
  readonly top: number;
  readonly bottom: number;
  /** The middle of the right cuff of long sleeves, from the middle line. */
  readonly cuff?: { readonly x: number; readonly y: number };
}

/** A number in [0, 1) for each free measure of a garment. */
type Random = () => number;

const between = (random: Random, low: number, high: number) => low + (high - low) * random();

/** Rounded to 0.01 unit, so that paths print the same everywhere. */
function path(strings: TemplateStringsArray, ...values: readonly number[]): string {
  return strings.reduce((text, part, i) => {
    const value = values[i];
    return text + part + (value === undefined ? '' : String(Math.round(value * 100) / 100));
  }, '');
}

function dot(x: number, y: number, radius: number): string {
  return path`M${x - radius} ${y} a${radius} ${radius} 0 1 0 ${2 * radius} 0 a${radius} ${radius} 0 1 0 ${-2 * radius} 0 Z`;
}

function buttons(x: number, from: number, to: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    dot(x, from + ((to - from) * i) / (count - 1), 1.1),
  );
}

/** Sleeveless, fitted to the waist, then flared. */
function dress(random: Random): GarmentShape {
  const shoulder = between(random, 15, 19);
  const waist = between(random, 12, 15);
  const hem = between(random, 27, 40);
  const length = between(random, 108, 127);
  const neck = between(random, 8, 18);
  return {
    outline: path`M${50 - shoulder} 5 L${50 - shoulder + 7} 4 Q50 ${neck + 14} ${50 + shoulder - 7} 4 L${50 + shoulder} 5 Q${50 + shoulder - 3} 20 ${50 + shoulder + 3} 30 Q${50 + waist} 45 ${50 + waist} 54 Q${50 + waist + 8} 85 ${50 + hem} ${length - 4} Q50 ${length + 5} ${50 - hem} ${length - 4} Q${50 - waist - 8} 85 ${50 - waist} 54 Q${50 - waist} 45 ${50 - shoulder - 3} 30 Q${50 - shoulder + 3} 20 ${50 - shoulder} 5 Z`,
    lines: [
      path`M${50 - waist} 54 Q50 58 ${50 + waist} 54`,
      path`M44 60 Q40 85 ${50 - hem * 0.45} ${length - 2}`,
      path`M56 60 Q60 85 ${50 + hem * 0.45} ${length - 2}`,
    ],
    details: [],
    top: 4,
    bottom: length,
  };
}

interface SleevedMeasures {
  readonly shoulder: number;
  readonly chest: number;
  readonly hemHalf: number;
  /** Where the body ends. */
  readonly hem: number;
  readonly wristX: number;
  readonly wristY: number;
  /** Width of the cuff. */
  readonly cuff: number;
}

/** Body and long sleeves in one outline. */
function sleeved(m: SleevedMeasures): Pick<GarmentShape, 'outline' | 'cuff'> {
  const right = path`L${50 + m.shoulder} 9 L${50 + m.wristX} ${m.wristY - m.cuff * 0.5} L${50 + m.wristX - m.cuff} ${m.wristY + m.cuff * 0.3} L${50 + m.chest} 36 Q${50 + m.chest - 1} 60 ${50 + m.hemHalf} ${m.hem}`;
  const left = path`L${50 - m.hemHalf} ${m.hem} Q${50 - m.chest + 1} 60 ${50 - m.chest} 36 L${50 - m.wristX + m.cuff} ${m.wristY + m.cuff * 0.3} L${50 - m.wristX} ${m.wristY - m.cuff * 0.5} L${50 - m.shoulder} 9`;
  return {
    outline: `M41 4 Q50 10 59 4 ${right} ${left} Z`,
    cuff: { x: m.wristX - m.cuff / 2, y: m.wristY - m.cuff * 0.1 },
  };
}

/** Long, double-breasted, wide lapels and a belt. */
function coat(random: Random): GarmentShape {
  const hem = between(random, 112, 127);
  const hemHalf = between(random, 25, 32);
  const chest = between(random, 21, 25);
  return {
    ...sleeved({
      shoulder: chest + 3,
      chest,
      hemHalf,
      hem,
      wristX: between(random, 37, 44),
      wristY: between(random, 74, 82),
      cuff: 11,
    }),
    lines: [
      path`M50 34 L50 ${hem}`,
      path`M41 4 L36 22 L50 38 L64 22 L59 4`,
      path`M${50 - chest + 1} 58 L${50 + chest - 1} 58 M${50 - chest + 1} 63 L${50 + chest - 1} 63`,
      path`M${50 - chest + 4} 82 L43 80 M${50 + chest - 4} 82 L57 80`,
    ],
    details: [...buttons(45, 44, 54, 2), ...buttons(55, 44, 54, 2), ...buttons(55, 70, 84, 2)],
    top: 4,
    bottom: hem,
  };
}

/** Short and boxy, with a zip and a ribbed hem. */
function jacket(random: Random): GarmentShape {
  const hem = between(random, 66, 76);
  const chest = between(random, 24, 28);
  return {
    ...sleeved({
      shoulder: chest + 1,
      chest,
      hemHalf: chest - 1,
      hem,
      wristX: between(random, 40, 47),
      wristY: between(random, 64, 70),
      cuff: 12,
    }),
    lines: [
      path`M49.2 8 L49.2 ${hem} M50.8 8 L50.8 ${hem}`,
      path`M${50 - chest + 1} ${hem - 6} L${50 + chest - 1} ${hem - 6}`,
      path`M41 4 Q50 15 59 4 M${50 - chest + 6} 46 L43 54 M${50 + chest - 6} 46 L57 54`,
    ],
    details: [],
    top: 4,
    bottom: hem,
  };
}

/** Collar, button row, chest pocket, long sleeves. */
function shirt(random: Random): GarmentShape {
  const hem = between(random, 84, 95);
  const chest = between(random, 19, 23);
  return {
    ...sleeved({
      shoulder: chest + 2,
      chest,
      hemHalf: chest + 1,
      hem,
      wristX: between(random, 38, 46),
      wristY: between(random, 66, 74),
      cuff: 8,
    }),
    lines: [
      path`M50 12 L50 ${hem}`,
      path`M41 4 L39 13 L49 12 L50 8 L51 12 L61 13 L59 4`,
      path`M55 28 L64 28 L64 39 L59.5 42 L55 39 Z`,
    ],
    details: buttons(50, 18, hem - 8, 6),
    top: 4,
    bottom: hem,
  };
}

/** Round neck and short sleeves. */
function tShirt(random: Random): GarmentShape {
  const hem = between(random, 76, 88);
  const chest = between(random, 21, 26);
  const sleeve = between(random, 38, 45);
  return {
    outline: path`M40 5 Q50 16 60 5 L${50 + chest + 2} 10 L${50 + sleeve} 33 L${50 + sleeve - 11} 39 L${50 + chest} 30 L${50 + chest} ${hem} Q50 ${hem + 2} ${50 - chest} ${hem} L${50 - chest} 30 L${50 - sleeve + 11} 39 L${50 - sleeve} 33 L${50 - chest - 2} 10 Z`,
    lines: ['M38.5 6 Q50 19 61.5 6', path`M${50 - chest} ${hem - 3} L${50 + chest} ${hem - 3}`],
    details: [],
    top: 5,
    bottom: hem,
  };
}

/** Waistband, then an A-line or a pencil. */
function skirt(random: Random): GarmentShape {
  const waist = between(random, 14, 18);
  const hem = between(random, 24, 42);
  const length = between(random, 72, 100);
  return {
    outline: path`M${50 - waist} 14 L${50 + waist} 14 Q${50 + waist + 7} 35 ${50 + hem} ${length} Q50 ${length + 7} ${50 - hem} ${length} Q${50 - waist - 7} 35 ${50 - waist} 14 Z`,
    lines: [
      path`M${50 - waist - 1} 20 L${50 + waist + 1} 20`,
      path`M${50 - waist * 0.4} 21 L${50 - hem * 0.5} ${length + 2}`,
      path`M${50 + waist * 0.4} 21 L${50 + hem * 0.5} ${length + 2}`,
    ],
    details: [dot(50, 17, 1.2)],
    top: 14,
    bottom: length + 3,
  };
}

/** Two legs: `length` to the hem, `leg` half the width of a leg's hem. */
function legs(
  waist: number,
  hip: number,
  crotch: number,
  length: number,
  leg: number,
  spread: number,
) {
  return path`M${50 - waist} 6 L${50 + waist} 6 L${50 + hip} ${crotch - 4} L${50 + spread + leg} ${length} L${50 + spread - leg} ${length} L50 ${crotch} L${50 - spread + leg} ${length} L${50 - spread - leg} ${length} L${50 - hip} ${crotch - 4} Z`;
}

function trousers(random: Random): GarmentShape {
  const waist = between(random, 16, 19);
  const length = between(random, 116, 127);
  const leg = between(random, 6.5, 12);
  const spread = between(random, 13, 16);
  return {
    outline: legs(waist, waist + 6, 46, length, leg, spread),
    lines: [
      path`M${50 - waist} 11 L${50 + waist} 11 M50 11 L50 46`,
      path`M${50 - spread} 48 L${50 - spread} ${length} M${50 + spread} 48 L${50 + spread} ${length}`,
      path`M${50 - waist + 2} 12 Q${50 - waist + 4} 22 ${50 - waist - 3} 25 M${50 + waist - 2} 12 Q${50 + waist - 4} 22 ${50 + waist + 3} 25`,
    ],
    details: [dot(50, 8.5, 1.2)],
    top: 6,
    bottom: length,
  };
}

function shorts(random: Random): GarmentShape {
  const waist = between(random, 19, 23);
  const length = between(random, 58, 72);
  const leg = between(random, 13, 17);
  return {
    outline: legs(waist, waist + 8, 46, length, leg, leg + 6),
    lines: [
      path`M${50 - waist} 12 L${50 + waist} 12 M50 12 L50 46`,
      path`M${50 - waist + 2} 13 Q${50 - waist + 4} 24 ${50 - waist - 4} 27 M${50 + waist - 2} 13 Q${50 + waist - 4} 24 ${50 + waist + 4} 27`,
    ],
    details: [dot(50, 9, 1.3)],
    top: 6,
    bottom: length,
  };
}

const SHAPES: Record<GarmentCategory, (random: Random) => GarmentShape> = {
  dress,
  coat,
  jacket,
  shirt,
  't-shirt': tShirt,
  skirt,
  trousers,
  shorts,
};

/** The shape of one garment of a category, its measures drawn from `random`. */
export function garmentShape(category: GarmentCategory, random: Random): GarmentShape {
  return SHAPES[category](random);
}
