import { hexOfOklab, oklabDistance, oklabOfHex, type Random } from '@deepstyle/vision';
import { backLayer, type Layer, n } from './layer.ts';
import { between, pick } from './scene-random.ts';

/** The frame of a scene, px. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Where the far wall meets the floor, px from the top. */
  readonly horizon: number;
  /** Middle of the runway's far end, px from the left. */
  readonly vanishing: number;
}

/** Colours of a hall. */
export interface Hall {
  readonly wall: string;
  readonly floor: string;
  readonly runway: string;
}

const HALLS: readonly Hall[] = [
  { wall: '#17181d', floor: '#0f1013', runway: '#3b3d44' },
  { wall: '#2a2430', floor: '#1b1720', runway: '#6b6470' },
  { wall: '#d9d5cd', floor: '#b9b3a8', runway: '#efece6' },
  { wall: '#c2ccd2', floor: '#93a0a8', runway: '#dde3e6' },
  { wall: '#8d5a4a', floor: '#5b3a31', runway: '#a98a78' },
  { wall: '#4c5f55', floor: '#35423b', runway: '#8b978c' },
  { wall: '#8e9bb5', floor: '#6a7388', runway: '#b7bfce' },
  { wall: '#b9a489', floor: '#8c7a62', runway: '#d8c8ae' },
];

/** Of a few halls the one that stands off most from all the garments, so that these can be seen. */
export function pickHall(garmentHexes: readonly string[], random: Random): Hall {
  const contrast = ({ wall, runway }: Hall) =>
    Math.min(
      ...garmentHexes.flatMap((hex) =>
        [wall, runway].map((other) => oklabDistance(oklabOfHex(hex), oklabOfHex(other))),
      ),
    );
  const halls = [pick(HALLS, random), pick(HALLS, random), pick(HALLS, random)];
  return halls.reduce((best, hall) => (contrast(hall) > contrast(best) ? hall : best));
}

export function tone(hex: string, step: number): string {
  const lab = oklabOfHex(hex);
  return hexOfOklab({ ...lab, l: Math.min(0.98, Math.max(0.04, lab.l + step)) });
}

/** Wall, floor and the runway in perspective, with lit edges. */
export function drawStage(frame: Frame, hall: Hall, random: Random): Layer {
  const { width, height, horizon, vanishing } = frame;
  const far = width * between(random, 0.1, 0.18);
  const near = width * between(random, 0.42, 0.62);
  const light = pick(['#fff6d8', '#dff2ff', '#ffffff', tone(hall.runway, 0.2)], random);
  const edge = (side: number) =>
    `<path d="M${n(vanishing + side * far)} ${n(horizon)} L${n(vanishing + side * near)} ${height}" stroke="${light}" ` +
    `stroke-width="${n(between(random, 1.5, 4))}" stroke-opacity="0.85"/>`;
  const seams = Array.from({ length: 4 }, (_, i) => {
    const y = horizon + (height - horizon) * ((i + 1) / 5) ** 1.6;
    return `<path d="M0 ${n(y)} H${width}" stroke="${tone(hall.floor, -0.05)}" stroke-width="1"/>`;
  });
  return backLayer(
    `<rect width="${width}" height="${n(horizon)}" fill="url(#wall)"/>` +
      `<rect y="${n(horizon)}" width="${width}" height="${n(height - horizon)}" fill="${hall.floor}"/>${seams.join('')}` +
      `<path d="M${n(vanishing - far)} ${n(horizon)} L${n(vanishing + far)} ${n(horizon)} L${n(vanishing + near)} ${height} ` +
      `L${n(vanishing - near)} ${height} Z" fill="${hall.runway}"/>${edge(-1)}${edge(1)}`,
    `<linearGradient id="wall" x2="0" y2="1"><stop offset="0" stop-color="${tone(hall.wall, -0.05)}"/>` +
      `<stop offset="1" stop-color="${tone(hall.wall, 0.05)}"/></linearGradient>`,
  );
}
