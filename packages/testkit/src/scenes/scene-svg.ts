import { createRandom, type Random, seedOf } from '@deepstyle/vision';
import { GARMENT_COLORS } from '../drawing/cloth.ts';
import { type Clutter, drawClutter } from './clutter.ts';
import { drawFigure, FIGURE_HALF_WIDTH, FIGURE_HEIGHT, FIGURE_TOP } from './figure.ts';
import { type Layer, n, stack, transformed } from './layer.ts';
import type { Outfit, PlannedGarment } from './scene-plan.ts';
import { between, chance } from './scene-random.ts';
import { drawStage, type Frame, pickHall } from './stage.ts';

const SCENE_WIDTH_PX = 192;
const SCENE_HEIGHT_PX = 256;

export interface SceneDrawing {
  readonly seed: number;
  /** One or two; the second stands in front. */
  readonly figures: readonly Outfit[];
  /** 192 x 256 by default, and at least. */
  readonly widthPx?: number;
  readonly heightPx?: number;
}

export interface SceneSvg {
  /** The scene. */
  readonly look: string;
  /** The same without smoothing: garment `i` of `garments` in the colour `#0000(i + 1)`, all else in black. */
  readonly mask: string;
  readonly width: number;
  readonly height: number;
  /** In the order of their ids in the mask. */
  readonly garments: readonly (PlannedGarment & { readonly figure: number })[];
  readonly clutter: readonly Clutter[];
}

/** A runway scene as two drawings. */
export function sceneSvg(drawing: SceneDrawing): SceneSvg {
  const { seed, figures, widthPx = SCENE_WIDTH_PX, heightPx = SCENE_HEIGHT_PX } = drawing;
  const garments = figures.flatMap((outfit, figure) => outfit.map((one) => ({ ...one, figure })));
  const random = createRandom(seedOf(seed, 'scene'));
  // Everything is drawn in a frame of the least size and scaled up, so that a larger picture is the same scene.
  const scale = Math.min(widthPx / SCENE_WIDTH_PX, heightPx / SCENE_HEIGHT_PX);
  const frame: Frame = {
    width: widthPx / scale,
    height: heightPx / scale,
    horizon: SCENE_HEIGHT_PX * between(random, 0.34, 0.52),
    vanishing: (widthPx / scale) * between(random, 0.4, 0.6),
  };
  const hall = pickHall(
    garments.map(({ color }) => GARMENT_COLORS[color]),
    random,
  );
  const { kinds, behind, before } = drawClutter(frame, hall, random);
  const walking = drawFigures(figures, frame, random);
  const scene = stack([drawStage(frame, hall, random), behind, ...walking, before]);
  const wrap = (content: string, attributes: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}"${attributes}>` +
    `<g transform="scale(${n(scale)})">${content}</g></svg>`;
  return {
    look: wrap(`<defs>${scene.definitions}</defs>${scene.look}`, ''),
    mask: wrap(scene.mask, ' shape-rendering="crispEdges"'),
    width: widthPx,
    height: heightPx,
    garments,
    clutter: kinds,
  };
}

function drawFigures(figures: readonly Outfit[], frame: Frame, random: Random): Layer[] {
  const places = figures.length === 1 ? [alone(frame, random)] : together(frame, random);
  let nextId = 1;
  return figures.map((outfit, i) => {
    const layer = drawFigure(outfit, nextId, random);
    nextId += outfit.length;
    return transformed(layer, placement(places[i] as Place, random));
  });
}

/** Where a figure stands: its middle and soles, and its height, px. */
interface Place {
  readonly x: number;
  readonly soles: number;
  readonly height: number;
}

function alone({ width, height }: Frame, random: Random): Place {
  const tall = between(random, 178, 226);
  return {
    x: width * between(random, 0.36, 0.64),
    soles: Math.min(height - between(random, 3, 24), tall + height - SCENE_HEIGHT_PX + 20),
    height: tall,
  };
}

/** The one in front is taller and may hide a part of the one behind, but never most of it. */
function together({ width, height }: Frame, random: Random): Place[] {
  const front = between(random, 168, 208);
  const back = front * between(random, 0.74, 0.92);
  const apart = (between(random, 0.95, 2) * FIGURE_HALF_WIDTH * front) / FIGURE_HEIGHT;
  const side = chance(random, 0.5) ? 1 : -1;
  const middle = width / 2 + between(random, -6, 6);
  const soles = height - between(random, 4, 16);
  return [
    { x: middle - (side * apart) / 2, soles: soles - between(random, 10, 30), height: back },
    { x: middle + (side * apart) / 2, soles, height: front },
  ];
}

function placement({ x, soles, height }: Place, random: Random): string {
  const scale = height / FIGURE_HEIGHT;
  const mirror = chance(random, 0.5) ? -1 : 1;
  const top = FIGURE_TOP + FIGURE_HEIGHT;
  return (
    `translate(${n(x)} ${n(soles)}) rotate(${n(between(random, -3.5, 3.5))}) ` +
    `scale(${(scale * mirror).toFixed(4)} ${scale.toFixed(4)}) translate(0 ${-top})`
  );
}
