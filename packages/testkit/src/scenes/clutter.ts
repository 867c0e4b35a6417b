import type { Random } from '@deepstyle/vision';
import { clothOf, GARMENT_COLOR_NAMES, GARMENT_PATTERNS } from '../drawing/cloth.ts';
import { backLayer, type Layer, n, solid, stack, stroked } from './layer.ts';
import { between, chance, pick } from './scene-random.ts';
import { type Frame, type Hall, tone } from './stage.ts';

type Draw = (frame: Frame, hall: Hall, random: Random) => Layer;

const CROWD = [
  '#2b2d33',
  '#54505a',
  '#7c6f66',
  '#39465a',
  '#8a8580',
  '#5d3c3c',
  '#4b5a48',
  '#a49a8f',
];
const FACES = ['#e6b48f', '#c98f66', '#9a6440', '#6b4329', '#f3d3bd'];

/** Rows of people along both sides: heads and shoulders, smaller with the distance. None of them is to be found. */
const audience: Draw = (frame, _hall, random) => {
  const rows = 2 + Math.floor(random() * 3);
  const people: string[] = [];
  for (let row = 0; row < rows; row++) {
    const depth = row / rows;
    const y = frame.horizon + (frame.height - frame.horizon) * (0.04 + 0.62 * depth);
    const size = between(random, 5, 6.5) * (0.75 + depth);
    const reach = frame.width * (0.36 - 0.16 * depth);
    for (let x = -size; x < reach; x += size * between(random, 2, 2.7)) {
      people.push(seated(x, y + between(random, -2, 2), size, random));
      people.push(seated(frame.width - x, y + between(random, -2, 2), size, random));
    }
  }
  return backLayer(people.join(''));
};

function seated(x: number, y: number, size: number, random: Random): string {
  const body = pick(CROWD, random);
  return (
    `<path d="M${n(x - size)} ${n(y + size * 3)} Q${n(x - size)} ${n(y + size * 0.8)} ${n(x)} ${n(y + size * 0.8)} ` +
    `Q${n(x + size)} ${n(y + size * 0.8)} ${n(x + size)} ${n(y + size * 3)} Z" fill="${body}"/>` +
    `<circle cx="${n(x)}" cy="${n(y)}" r="${n(size * 0.72)}" fill="${pick(FACES, random)}"/>` +
    `<path d="M${n(x - size * 0.72)} ${n(y)} A${n(size * 0.72)} ${n(size * 0.72)} 0 0 1 ${n(x + size * 0.72)} ${n(y)} Z" fill="${pick(['#17130f', '#3a2415', '#8a6a3f'], random)}"/>`
  );
}

/** Lamps under the ceiling, with beams. */
const spotlights: Draw = ({ width, height, horizon }, _hall, random) => {
  const beams = Array.from({ length: 2 + Math.floor(random() * 3) }, () => {
    const x = random() * width;
    const foot = x + between(random, -0.4, 0.4) * width;
    const spread = between(random, 10, 24);
    const bottom = between(random, horizon, height);
    const color = pick(['#fffbe6', '#e8f4ff', '#ffe3f1'], random);
    return (
      `<path d="M${n(x - 3)} 0 L${n(x + 3)} 0 L${n(foot + spread)} ${n(bottom)} L${n(foot - spread)} ${n(bottom)} Z" ` +
      `fill="${color}" opacity="${n(between(random, 0.1, 0.24))}"/><circle cx="${n(x)}" cy="3" r="4" fill="${color}"/>`
    );
  });
  return backLayer(beams.join(''));
};

/** Lengths of cloth from the ceiling, in the colours and patterns of garments: cloth alone is no garment. */
const banners: Draw = ({ width, horizon }, _hall, random) => {
  const hung = [0, 1].slice(chance(random, 0.5) ? 1 : 0).map((i) => {
    const cloth = clothOf(
      pick(GARMENT_COLOR_NAMES, random),
      pick(GARMENT_PATTERNS, random),
      random,
      `banner${i}`,
    );
    const wide = between(random, 16, 34);
    const x =
      i === 0 ? between(random, 0, width * 0.2) : width - wide - between(random, 0, width * 0.2);
    const long = horizon * between(random, 0.5, 1);
    const letters = Array.from(
      { length: 4 },
      (_, k) =>
        `<rect x="${n(x + wide * 0.3)}" y="${n(12 + k * 9)}" width="${n(wide * 0.4)}" height="4" fill="${cloth.seam}"/>`,
    );
    return {
      definition: cloth.definition,
      svg: `<rect x="${n(x)}" width="${n(wide)}" height="${n(long)}" fill="${cloth.fill}"/>${letters.join('')}`,
    };
  });
  return backLayer(
    hung.map(({ svg }) => svg).join(''),
    hung.map(({ definition }) => definition).join(''),
  );
};

/** Pots with leaves beside the runway. */
const plants: Draw = ({ width, height, horizon }, _hall, random) => {
  const green = pick(['#2f6b3a', '#4f7f3c', '#27543a'], random);
  const pots = [-1, 1].map((side) => {
    const x = width / 2 + side * width * between(random, 0.36, 0.47);
    const y = between(random, horizon + 14, height * 0.8);
    const tall = between(random, 26, 52);
    const leaves = Array.from({ length: 7 }, (_, i) => {
      const lean = (i - 3) * 7 + between(random, -3, 3);
      return `<path d="M${n(x)} ${n(y)} Q${n(x + lean * 0.3)} ${n(y - tall * 0.7)} ${n(x + lean)} ${n(y - tall)} Q${n(x + lean * 0.7)} ${n(y - tall * 0.4)} ${n(x)} ${n(y)} Z" fill="${tone(green, between(random, -0.08, 0.08))}"/>`;
    });
    return `${leaves.join('')}<path d="M${n(x - 7)} ${n(y - 3)} h14 l-2 15 h-10 Z" fill="${pick(['#b5653c', '#e3ded5', '#3d3d42'], random)}"/>`;
  });
  return backLayer(pots.join(''));
};

const columns: Draw = ({ width, horizon }, hall, random) => {
  const wide = between(random, 8, 15);
  const step = between(random, 34, 60);
  const start = random() * step;
  const drawn: string[] = [];
  for (let x = start; x < width; x += step) {
    drawn.push(
      `<rect x="${n(x)}" width="${n(wide)}" height="${n(horizon)}" fill="${tone(hall.wall, 0.09)}"/>`,
      `<rect x="${n(x + wide * 0.7)}" width="${n(wide * 0.3)}" height="${n(horizon)}" fill="${tone(hall.wall, -0.06)}"/>`,
    );
  }
  return backLayer(drawn.join(''));
};

/** A lit wall of coloured shapes at the far end. */
const screen: Draw = ({ width, horizon, vanishing }, _hall, random) => {
  const wide = width * between(random, 0.4, 0.7);
  const tall = horizon * between(random, 0.4, 0.6);
  const x = vanishing - wide / 2;
  const y = horizon * between(random, 0.1, 0.25);
  const colors = ['#e4572e', '#17bebb', '#ffc914', '#76b041', '#8d6fd1', '#f5f5f5'];
  const shapes = Array.from({ length: 6 }, () => {
    const [cx, cy, r] = [x + random() * wide, y + random() * tall, between(random, 4, 14)];
    return chance(random, 0.5)
      ? `<circle cx="${n(cx)}" cy="${n(cy)}" r="${n(r)}" fill="${pick(colors, random)}"/>`
      : `<rect x="${n(cx - r)}" y="${n(cy - r)}" width="${n(r * 1.6)}" height="${n(r * 1.2)}" fill="${pick(colors, random)}"/>`;
  });
  return backLayer(
    `<rect x="${n(x)}" y="${n(y)}" width="${n(wide)}" height="${n(tall)}" fill="#20232b"/><g opacity="0.8">${shapes.join('')}</g>`,
  );
};

/** Empty chairs along the runway. */
const chairs: Draw = ({ width, height, horizon }, _hall, random) => {
  const color = pick(['#d9c27a', '#f2f2f2', '#3a2f2a', '#8c2330'], random);
  const drawn = [-1, 1].flatMap((side) =>
    Array.from({ length: 4 }, (_, i) => {
      const depth = i / 4;
      const size = 7 + 9 * depth;
      const x = width / 2 + side * width * (0.24 + 0.2 * depth);
      const y = horizon + (height - horizon) * (0.1 + 0.6 * depth);
      return `<path d="M${n(x)} ${n(y)} v${n(size * 2)} M${n(x)} ${n(y + size)} h${n(side * size * 0.8)} v${n(size)}" stroke="${color}" stroke-width="1.8" fill="none"/>`;
    }),
  );
  return backLayer(drawn.join(''));
};

/** Dark backs with cameras at the lower corners: they hide what stands behind them. */
const photographers: Draw = ({ width, height }, _hall, random) => {
  const sides = chance(random, 0.4) ? [-1, 1] : [pick([-1, 1], random)];
  return stack(
    sides.map((side) => {
      const x = width / 2 + side * width * between(random, 0.34, 0.46);
      const tall = between(random, 26, 44);
      const y = height - tall;
      const color = pick(['#141416', '#23252b', '#2e2621'], random);
      return stack([
        solid(
          `<path d="M${n(x - 19)} ${height} Q${n(x - 18)} ${n(y + 14)} ${n(x)} ${n(y + 13)} Q${n(x + 18)} ${n(y + 14)} ${n(x + 19)} ${height} Z"/>`,
          color,
        ),
        solid(
          `<circle cx="${n(x)}" cy="${n(y + 6)}" r="8"/>`,
          pick(['#1c1512', '#4a3422'], random),
        ),
        solid(
          `<rect x="${n(x - side * 16)}" y="${n(y + 1)}" width="13" height="9" rx="1"/>`,
          '#0a0a0b',
        ),
        solid(`<circle cx="${n(x - side * 16 + 3)}" cy="${n(y + 5.5)}" r="3.4"/>`, '#5d6a78'),
      ]);
    }),
  );
};

/** A cord on posts across the foot of the picture. */
const rope: Draw = ({ width, height }, _hall, random) => {
  const y = height - between(random, 10, 22);
  const color = pick(['#8c1c2b', '#c9a24a', '#20242c'], random);
  const posts = [0.06, 0.94].map((at) =>
    stroked(`M${n(width * at)} ${n(y - 8)} V${height}`, '#b9a26a', 2.5),
  );
  const sag = between(random, 8, 16);
  return stack([
    ...posts,
    stroked(
      `M${n(width * 0.06)} ${n(y - 6)} Q${n(width / 2)} ${n(y + sag)} ${n(width * 0.94)} ${n(y - 6)}`,
      color,
      2.5,
    ),
  ]);
};

const BEHIND = { columns, screen, banners, spotlights, audience, chairs, plants } as const;
const BEFORE = { photographers, rope } as const;

/** What fills a scene beside garments. The runway with its lit edges is in every scene. */
export const CLUTTER = [
  ...(Object.keys(BEHIND) as (keyof typeof BEHIND)[]),
  ...(Object.keys(BEFORE) as (keyof typeof BEFORE)[]),
] as const;

export type Clutter = (typeof CLUTTER)[number];

const PROBABILITIES: Record<Clutter, number> = {
  columns: 0.3,
  screen: 0.3,
  banners: 0.4,
  spotlights: 0.5,
  audience: 0.6,
  chairs: 0.3,
  plants: 0.35,
  photographers: 0.4,
  rope: 0.25,
};

/** Draws some kinds of clutter, behind the figures and before them. */
export function drawClutter(frame: Frame, hall: Hall, random: Random) {
  const kinds = CLUTTER.filter((kind) => chance(random, PROBABILITIES[kind]));
  const draw = (drawings: Readonly<Partial<Record<Clutter, Draw>>>) =>
    stack(kinds.flatMap((kind) => drawings[kind]?.(frame, hall, random) ?? []));
  return { kinds, behind: draw(BEHIND), before: draw(BEFORE) };
}
