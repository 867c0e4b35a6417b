import { hexOfOklab, oklabDistance, oklabOfHex } from '@deepstyle/vision';

export const BACKDROPS = ['wall', 'boards', 'tiles', 'sheet'] as const;

export type Backdrop = (typeof BACKDROPS)[number];

const BACKDROP_COLORS: Record<Backdrop, readonly string[]> = {
  wall: ['#dcd9d2', '#c9d2d6', '#e6e0d0', '#b8bcc0', '#8f9aa3'],
  boards: ['#b08d66', '#c8ad8a', '#8d8a85', '#d9c7a8'],
  tiles: ['#d8d2c6', '#bfc4c6', '#e4e1db'],
  sheet: ['#8c2330', '#3f5f73', '#d5c4cd', '#e9e4da', '#55624f'],
};

/** Backdrop and garment stay this far apart (OKLab), so that the garment's colour is a fact that can be found again. */
const MIN_CONTRAST = 0.2;

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

function shade(hex: string, step: number): string {
  const lab = oklabOfHex(hex);
  return hexOfOklab({ ...lab, l: lab.l + step });
}

/** SVG of a backdrop behind a garment of the given colour. */
export function drawBackdrop(
  width: number,
  height: number,
  garmentHex: string,
  random: () => number,
): { readonly kind: Backdrop; readonly svg: string } {
  const garment = oklabOfHex(garmentHex);
  const fitting = BACKDROPS.flatMap((kind) =>
    BACKDROP_COLORS[kind].map((hex) => ({ kind, hex })),
  ).filter(({ hex }) => oklabDistance(oklabOfHex(hex), garment) >= MIN_CONTRAST);
  const kind = pick([...new Set(fitting.map((row) => row.kind))], random);
  const { hex } = pick(
    fitting.filter((row) => row.kind === kind),
    random,
  );
  const ground = `<rect width="${width}" height="${height}" fill="${hex}"/>`;
  const draw = { wall: wallLight, boards, tiles, sheet: folds };
  return { kind, svg: ground + draw[kind](width, height, hex, random) };
}

function wallLight(width: number, height: number, hex: string, random: () => number): string {
  const x = Math.round(random() * 100);
  return (
    `<defs><radialGradient id="light" cx="${x}%" cy="20%" r="90%"><stop offset="0" stop-color="${shade(hex, 0.03)}"/>` +
    `<stop offset="1" stop-color="${shade(hex, -0.04)}"/></radialGradient></defs>` +
    `<rect width="${width}" height="${height}" fill="url(#light)"/>`
  );
}

function boards(width: number, height: number, hex: string, random: () => number): string {
  const board = Math.round(14 + random() * 14);
  const lines: string[] = [];
  for (let x = 0; x < width; x += board) {
    const tone = shade(hex, (random() - 0.5) * 0.06);
    lines.push(
      `<rect x="${x}" width="${board}" height="${height}" fill="${tone}"/>`,
      `<rect x="${x}" width="1" height="${height}" fill="${shade(hex, -0.1)}"/>`,
    );
  }
  return lines.join('');
}

function tiles(width: number, height: number, hex: string, random: () => number): string {
  const tile = Math.round(40 + random() * 40);
  const grout = shade(hex, -0.07);
  const lines: string[] = [];
  for (let x = Math.round(random() * tile); x < width; x += tile) {
    lines.push(`<rect x="${x}" width="1.5" height="${height}" fill="${grout}"/>`);
  }
  for (let y = Math.round(random() * tile); y < height; y += tile) {
    lines.push(`<rect y="${y}" width="${width}" height="1.5" fill="${grout}"/>`);
  }
  return lines.join('');
}

function folds(width: number, height: number, hex: string, random: () => number): string {
  const lines: string[] = [];
  for (let i = 0; i < 6; i++) {
    const from = Math.round(random() * width);
    const to = Math.round(from + (random() - 0.5) * width * 0.6);
    const tone = shade(hex, random() < 0.5 ? -0.035 : 0.035);
    lines.push(
      `<path d="M${from} 0 Q${Math.round((from + to) / 2 + 20)} ${Math.round(height / 2)} ${to} ${height}" ` +
        `stroke="${tone}" stroke-width="${Math.round(4 + random() * 9)}" fill="none"/>`,
    );
  }
  return lines.join('');
}
