import { createHash } from 'node:crypto';
import type { CategoryType } from '@deepstyle/contracts';
import { acceptedDetections, type Detection, type DetectionPolicy } from './detection-policy.ts';

/** x1, y1, x2, y2 in pixels of the photograph as it is shown (EXIF orientation applied); x2 and y2 exclusive. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** A garment of a photograph before it is cut. */
export interface Find {
  readonly garmentId: string;
  readonly box: Box;
  readonly category: string;
  readonly categoryType: CategoryType;
  /** Certainty of the detector in [0, 1]; null without a detector. */
  readonly score: number | null;
}

/** The id of a garment: SHA-256 of photograph, detector and box, in hex. Never change what goes into it. */
export function garmentIdOf(photoId: string, detector: string, box: Box): string {
  return createHash('sha256')
    .update(`${photoId}\n${detector}\n${box.join(',')}`)
    .digest('hex');
}

/** The garments of a photograph's detections, by id. */
export function findsOf(
  photoId: string,
  detector: string,
  detections: readonly Detection[],
  policy: DetectionPolicy,
): readonly Find[] {
  return acceptedDetections(detections, policy)
    .map(({ box, category, categoryType, score }) => {
      return { garmentId: garmentIdOf(photoId, detector, box), box, category, categoryType, score };
    })
    .sort((a, b) => (a.garmentId < b.garmentId ? -1 : 1));
}

interface Padding {
  readonly sides: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Share of the box's width (sides) or height (top, bottom) that is added. Detected boxes cut sleeves, collars and hems
 * a little; more below where the garment ends in a free hem, less above a lower garment, where another one begins.
 */
const PADDING: Readonly<Record<CategoryType, Padding>> = {
  upper: { sides: 0.06, top: 0.05, bottom: 0.04 },
  lower: { sides: 0.06, top: 0.02, bottom: 0.06 },
  full: { sides: 0.05, top: 0.04, bottom: 0.06 },
  other: { sides: 0.1, top: 0.1, bottom: 0.1 },
};

/**
 * The box to cut: padded by the type of the garment and clipped to the photograph; null where less than `minSidePx`
 * of it lies inside.
 */
export function cutBoxOf(
  box: Box,
  type: CategoryType,
  photo: { readonly widthPx: number; readonly heightPx: number },
  minSidePx: number,
): Box | null {
  const [x1, y1, x2, y2] = box;
  const { sides, top, bottom } = PADDING[type];
  const [width, height] = [x2 - x1, y2 - y1];
  const cut: Box = [
    Math.max(0, Math.round(x1 - width * sides)),
    Math.max(0, Math.round(y1 - height * top)),
    Math.min(photo.widthPx, Math.round(x2 + width * sides)),
    Math.min(photo.heightPx, Math.round(y2 + height * bottom)),
  ];
  return cut[2] - cut[0] < minSidePx || cut[3] - cut[1] < minSidePx ? null : cut;
}
