import type { Random } from '@deepstyle/vision';
import { type Layer, n, solid, stack, stroked } from './layer.ts';
import type { Outfit } from './scene-plan.ts';
import { between, chance, pick } from './scene-random.ts';
import { type WornGarment, wearGarment } from './worn-garment.ts';

const SKINS = ['#f3d3bd', '#e6b48f', '#c98f66', '#9a6440', '#6b4329', '#4a2d1e'] as const;
const HAIR = ['#17130f', '#3a2415', '#6d4424', '#b58a4f', '#8c2f1d', '#c9c3ba'] as const;
const SHOES = ['#151515', '#efece6', '#7a1f23', '#b7925e', '#44372c', '#8a8f96'] as const;

/** Half of a figure's width and its height from crown to sole, in its own units; x = 0 is its middle, y = -29 its crown. */
export const FIGURE_HALF_WIDTH = 42;
export const FIGURE_TOP = -29;
export const FIGURE_HEIGHT = 206;

/**
 * A walking model with an outfit.
 * @param firstId id of the outfit's first garment in the mask; the others follow
 */
export function drawFigure(outfit: Outfit, firstId: number, random: Random): Layer {
  const skin = pick(SKINS, random);
  const hair = pick(HAIR, random);
  const worn = outfit.map((garment, i) => wearGarment(garment, firstId + i, random));
  const { back, front } = drawHair(hair, random);
  const [lower, upper] = worn as [WornGarment, WornGarment | undefined];
  const isTucked = chance(random, 0.35);
  const order = upper === undefined ? [lower] : isTucked ? [upper, lower] : [lower, upper];
  const top = upper ?? lower;
  const arms = drawArms(skin, top, random);
  return stack([
    back,
    drawLegs(skin, random),
    arms.behind,
    drawTrunk(skin),
    ...order.map(({ layer }) => layer),
    arms.hands,
    drawHead(skin),
    front,
    ...(chance(random, 0.25) ? [drawBag(arms.hand, random)] : []),
  ]);
}

function drawHair(color: string, random: Random): { back: Layer; front: Layer } {
  const length = pick([0, 8, 18], random);
  const back =
    length === 0
      ? stack([])
      : solid(
          `<path d="M-10 -18 Q-11 ${n(length - 6)} -8 ${n(length)} L8 ${n(length)} Q11 ${n(length - 6)} 10 -18 Z"/>`,
          color,
        );
  const front = solid(
    '<path d="M-9 -17 Q-9 -29 0 -29 Q9 -29 9 -17 Q4 -23 -2 -23 Q-7 -22 -9 -17 Z"/>',
    color,
  );
  return { back, front };
}

function drawHead(skin: string): Layer {
  const face = solid('<ellipse cx="0" cy="-17" rx="8" ry="10"/>', skin);
  const features =
    '<path d="M-4 -18 h2.4 M1.8 -18 h2.4 M-2 -11.5 q2 1.2 4 0" fill="none" stroke="#000" stroke-opacity="0.55" stroke-width="1"/>';
  return { ...face, look: face.look + features };
}

function drawTrunk(skin: string): Layer {
  return solid(
    '<path d="M-3.6 -9 L3.6 -9 L4 4 Q18 6 18 12 L13 48 Q15 58 16 66 L10 78 L-10 78 L-16 66 Q-15 58 -13 48 L-18 12 Q-18 6 -4 4 Z"/>',
    skin,
  );
}

/** One foot may be ahead: lower in the picture and a little larger. */
function drawLegs(skin: string, random: Random): Layer {
  const shoe = pick(SHOES, random);
  const isBoot = chance(random, 0.25);
  const ahead = pick([-1, 0, 1], random);
  return stack(
    [-1, 1].flatMap((side) => {
      const foot = 169 + (side === ahead ? 3 : 0);
      const x = side * between(random, 9, 14);
      return [
        stroked(`M${n(side * 8)} 70 L${n(side * 9.5)} 118 L${n(x)} ${n(foot)}`, skin, 10),
        ...(isBoot
          ? [stroked(`M${n(x * 0.95)} ${n(foot - 32)} L${n(x)} ${n(foot)}`, shoe, 11)]
          : []),
        solid(
          `<path d="M${n(x - 5)} ${n(foot - 3)} L${n(x + 5)} ${n(foot - 3)} L${n(x + 5 + side)} ${n(foot + 5)} L${n(x - 5 + side)} ${n(foot + 5)} Z"/>`,
          shoe,
        ),
      ];
    }),
  );
}

interface Arms {
  /** Behind the garments, so that sleeves cover them. */
  readonly behind: Layer;
  readonly hands: Layer;
  /** Where the right hand is. */
  readonly hand: { readonly x: number; readonly y: number };
}

function drawArms(skin: string, top: WornGarment, random: Random): Arms {
  const hand =
    top.cuff === undefined
      ? { x: between(random, 24, 37), y: between(random, 72, 80) }
      : { x: top.cuff.x + 1, y: top.cuff.y + 3 };
  const isOnHip = top.cuff === undefined && chance(random, 0.2);
  const limbs = [-1, 1].map((side) => {
    if (isOnHip && side === -1) return stroked('M-17 12 L-35 36 L-16 54', skin, 7);
    const elbow = { x: side * (hand.x * 0.5 + 11), y: 42 };
    return stroked(
      `M${n(side * 17)} 12 L${n(elbow.x)} ${n(elbow.y)} L${n(side * hand.x)} ${n(hand.y)}`,
      skin,
      7,
    );
  });
  const hands = [-1, 1].flatMap((side) => {
    if (isOnHip && side === -1) return [];
    return [
      solid(`<ellipse cx="${n(side * hand.x)}" cy="${n(hand.y + 3)}" rx="3.8" ry="5"/>`, skin),
    ];
  });
  return { behind: stack(limbs), hands: stack(hands), hand };
}

function drawBag(hand: { readonly x: number; readonly y: number }, random: Random): Layer {
  const color = pick([...SHOES, '#2c6e63', '#d9a441'], random);
  const width = between(random, 14, 20);
  const height = between(random, 11, 16);
  const left = hand.x - width / 2 + 3;
  const top = hand.y + 15;
  return stack([
    stroked(
      `M${n(left + 3)} ${n(top)} L${n(hand.x)} ${n(hand.y + 4)} L${n(left + width - 3)} ${n(top)}`,
      color,
      1.4,
    ),
    solid(
      `<rect x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}" rx="2"/>`,
      color,
    ),
  ]);
}
