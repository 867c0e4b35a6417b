import type { Random } from '@deepstyle/vision';
import { type ClassOf, type Draw, integer, MAX_PHOTO_BYTES, oneOf, type Taken } from '../input.ts';
import { drawnAnimation, type Parted, partedPicture } from '../parted-pictures.ts';
import { byAnyWay, ONE } from './ways-of-pictures.ts';

const GUARD = 'packages/vision/src/refuse-many-parts.ts';
/** As the guard has it. */
const MAX_PARTS: Readonly<Record<Parted, number>> = {
  jpeg: 10_000,
  png: 100_000,
  gif: 100_000,
  webp: 100_000,
};
const MAX_PICTURES = 10_000;
/** What a file takes beside such parts. */
const OTHER_BYTES = 10_000;
/** Of these pictures 10,000 take less than as many bytes. */
const LARGEST_ANIMATION = 30_000;
const REFUSED: Taken = { photos: 0, codes: ['TRUNCATED'] };

const partsClass = (name: string, format: Parted): ClassOf<'source'> => ({
  door: 'source',
  name,
  guard: GUARD,
  hostile: async (draw) => {
    const { random, number } = draw;
    const max = MAX_PARTS[format];
    const count = (partBytes: number): number =>
      number === 0
        ? Math.floor((MAX_PHOTO_BYTES - OTHER_BYTES) / partBytes)
        : integer(random, max + 1, 1.2 * max);
    return byAnyWay(draw, await partedPicture(random, format, count), REFUSED);
  },
  honest: async (draw) => {
    const { random } = draw;
    return byAnyWay(draw, await partedPicture(random, format, () => integer(random, 1, 60)), ONE);
  },
});

const animation = (random: Random, pictures: number): Promise<Buffer> =>
  drawnAnimation(random, oneOf(random, ['gif', 'webp'] as const), pictures);

/** Files of more parts than any honest one has. */
export const PARTS_CLASSES: readonly ClassOf<'source'>[] = [
  partsClass('JPEG of many segments', 'jpeg'),
  partsClass('PNG of many chunks', 'png'),
  partsClass('GIF of many blocks', 'gif'),
  partsClass('WebP of many chunks', 'webp'),
  {
    door: 'source',
    name: 'animation of many pictures',
    guard: GUARD,
    hostile: async (draw: Draw) => {
      const { random, number } = draw;
      const pictures =
        number === 0 ? LARGEST_ANIMATION : integer(random, MAX_PICTURES + 1, 1.2 * MAX_PICTURES);
      return byAnyWay(draw, await animation(random, pictures), REFUSED);
    },
    honest: async (draw: Draw) => {
      const { random } = draw;
      return byAnyWay(draw, await animation(random, integer(random, 2, 300)), ONE);
    },
  },
];
