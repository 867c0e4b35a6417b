import type { ImageSlots, SeenImage } from '../image-slots.ts';
import type { IrregularityReport } from '../irregularity-report.ts';
import { shownSize, type Turn } from './turn.ts';

/**
 * In which pixels annotations count where EXIF turns an image: those that are shown, as tools for people have them, or those
 * that are stored, as programs read them that know no EXIF.
 */
export const PIXEL_FRAMES = ['shown', 'stored'] as const;
export type PixelFrame = (typeof PIXEL_FRAMES)[number];

/** What was seen of the images on the disk, by place. */
export type SeenImages = ReadonlyMap<number, SeenImage>;

/** The size of an image as it is shown, and how its annotations get there; null where they count in those pixels. */
export interface SettledImage {
  readonly size: readonly [number, number];
  readonly turn: Turn | null;
}

/**
 * Settles the size of each image that was seen, and in which pixels its annotations count. Where EXIF turns an image, the
 * size that the annotations say tells it; where that says nothing, the other images of its file do; else they count as
 * shown. Each such image is reported, unless the person chose.
 *
 * @throws IrregularDatasetError in strict mode
 */
export function settleFrames(
  slots: ImageSlots,
  seen: SeenImages,
  chosen: PixelFrame | null,
  report: IrregularityReport,
  settle: (place: number, settled: SettledImage) => void,
): void {
  const usual = chosen === null ? usualFrames(slots, seen) : null;
  for (const [place, image] of [...seen].sort(([a], [b]) => a - b)) {
    const isTurned = image.orientation > 1;
    const told = chosen ?? toldFrame(slots.size(place), image);
    const frame = isTurned ? (told ?? usual?.get(slots.origin(place).file) ?? 'shown') : 'shown';
    if (isTurned) reportFrame(slots, place, image, { frame, told, chosen }, report);
    const shown = shownSize(image);
    reportSize(slots, place, frame === 'shown' ? shown : [image.width, image.height], report);
    const [width, height] = shown;
    const turn = frame === 'stored' ? { orientation: image.orientation, width, height } : null;
    settle(place, { size: shown, turn });
  }
}

/** Null where the size is that of both or of neither. */
function toldFrame(said: readonly [number, number] | null, image: SeenImage): PixelFrame | null {
  if (said === null) return null;
  const [width, height] = shownSize(image);
  const isShown = said[0] === width && said[1] === height;
  const isStored = said[0] === image.width && said[1] === image.height;
  if (isShown === isStored) return null;
  return isShown ? 'shown' : 'stored';
}

/** By file, what the sizes of most of its turned images tell. */
function usualFrames(slots: ImageSlots, seen: SeenImages): ReadonlyMap<string, PixelFrame> {
  const surplus = new Map<string, number>();
  for (const [place, image] of seen) {
    const told = image.orientation > 1 ? toldFrame(slots.size(place), image) : null;
    if (told === null) continue;
    const { file } = slots.origin(place);
    surplus.set(file, (surplus.get(file) ?? 0) + (told === 'stored' ? 1 : -1));
  }
  return new Map([...surplus].map(([file, stored]) => [file, stored > 0 ? 'stored' : 'shown']));
}

interface Decision {
  readonly frame: PixelFrame;
  readonly told: PixelFrame | null;
  readonly chosen: PixelFrame | null;
}

function reportFrame(
  slots: ImageSlots,
  place: number,
  { width, height, orientation }: SeenImage,
  { frame, told, chosen }: Decision,
  report: IrregularityReport,
): void {
  if (chosen === 'shown') return;
  const { file, line } = slots.origin(place);
  const code =
    told === null ? 'FRAME_ASSUMED' : frame === 'stored' ? 'FRAME_STORED' : 'FRAME_SHOWN';
  const stored = `stored as ${width} x ${height} with orientation ${orientation}`;
  report.add(code, file, line, `${slots.fileName(place)} is ${stored}; boxes count as ${frame}.`);
}

function reportSize(
  slots: ImageSlots,
  place: number,
  [width, height]: readonly [number, number],
  report: IrregularityReport,
): void {
  const said = slots.size(place);
  if (said === null || (said[0] === width && said[1] === height)) return;
  const { file, line } = slots.origin(place);
  const sizes = `${said[0]} x ${said[1]} is ${width} x ${height} on the disk.`;
  report.add('SIZE_DISAGREES', file, line, `${slots.fileName(place)}: ${sizes}`);
}
