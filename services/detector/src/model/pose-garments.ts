/**
 * Where a person's garments are, by its joints alone: types, not categories. What is worn is not seen, so a dress whose
 * knees show counts as something above the hips and something below, and shorts go down to the ankles. Pure.
 */
import type { ImageSize } from './anchors.ts';
import type { Joint, Person } from './pose-people.ts';
import type { Detection } from './postprocess.ts';

/** What is told apart, in the order of a detection's categories. */
export const POSE_CATEGORIES = [
  { name: 'upper', type: 'upper' },
  { name: 'lower', type: 'lower' },
  { name: 'full', type: 'full' },
  { name: 'shoes', type: 'other' },
] as const;

type PoseCategory = (typeof POSE_CATEGORIES)[number]['name'];

/** Joints that are less certain are guesses. */
const MIN_JOINT_SCORE = 0.2;
/** Collars lie above the shoulders and hems below the hips, in heights of the torso. */
const COLLAR = 0.12;
const HEM = 0.08;
/** Trousers are wider than the joints inside of them, in widths of the person. */
const LEG_MARGIN = 0.12;
/** Height of a shoe above and below the ankle at least, in distances from hip to ankle. */
const ABOVE_ANKLE = 0.06;
const BELOW_ANKLE = 0.1;
/** Below the hips there are legs to see, or a garment over them, in heights of the torso. */
const MIN_LEGS = 0.4;
/** Height of a torso over the width of its shoulders, where the hips are not seen. */
const TORSO_SHAPE = 1.4;
/** A person whose box ends so near to the edge of the photo, in heights of the photo, goes on beyond it. */
const EDGE = 0.02;

const isCertain = ({ score }: Joint): boolean => score >= MIN_JOINT_SCORE;
/** Of two sides the better one: from the side, one is hidden. */
const certaintyOf = (pair: readonly Joint[]): number => Math.max(...pair.map(({ score }) => score));
const middle = (pair: readonly Joint[]): number =>
  pair.reduce((sum, { y }) => sum + y, 0) / pair.length;

/** The joints of a person that are certain; a pair of which neither is, is empty. */
interface Seen {
  readonly shoulders: readonly Joint[];
  readonly hips: readonly Joint[];
  readonly knees: readonly Joint[];
  readonly ankles: readonly Joint[];
}

function seenOf({ shoulders, hips, knees, ankles }: Person): Seen {
  const [a, b, c, d] = [shoulders, hips, knees, ankles].map((pair) => pair.filter(isCertain));
  return { shoulders: a ?? [], hips: b ?? [], knees: c ?? [], ankles: d ?? [] };
}

function torsoHeight({ shoulders, hips }: Seen, person: Person): number {
  if (shoulders.length > 0 && hips.length > 0) {
    return Math.max(1, middle(hips) - middle(shoulders));
  }
  const [left, , right] = person.box;
  const [one, other] = person.shoulders;
  const broad = shoulders.length > 1 ? Math.abs(one.x - other.x) : (right - left) / 2;
  return Math.max(1, broad * TORSO_SHAPE);
}

/** Below the hips something hides the legs, and not the edge of the photo. */
function hasHiddenLegs(seen: Seen, person: Person, torso: number, photo: ImageSize): boolean {
  const bottom = person.box[3];
  if (seen.hips.length === 0 || seen.knees.length > 0) return false;
  const isCutOff = bottom >= photo.height * (1 - EDGE);
  return !isCutOff && bottom - middle(seen.hips) >= MIN_LEGS * torso;
}

type Box = Detection['box'];

function upperOf(seen: Seen, { box }: Person, torso: number): Box {
  const [left, , right, bottom] = box;
  const top = middle(seen.shoulders) - COLLAR * torso;
  const hem = seen.hips.length > 0 ? middle(seen.hips) + HEM * torso : bottom;
  return [left, top, right, Math.min(hem, Math.max(bottom, top))];
}

function lowerOf(seen: Seen, { box }: Person, torso: number): Box {
  const [left, , right, bottom] = box;
  const legs = [...seen.hips, ...seen.knees, ...seen.ankles].map(({ x }) => x);
  const margin = LEG_MARGIN * (right - left);
  const end = seen.ankles.length > 0 ? Math.max(...seen.ankles.map(({ y }) => y)) : bottom;
  const waist = middle(seen.hips) - HEM * torso;
  return [Math.min(...legs) - margin, waist, Math.max(...legs) + margin, end];
}

function shoesOf(seen: Seen, { box }: Person, torso: number): Box {
  const [left, , right, bottom] = box;
  const places = seen.ankles.map(({ x }) => x);
  const heights = seen.ankles.map(({ y }) => y);
  const margin = LEG_MARGIN * (right - left);
  const leg = seen.hips.length > 0 ? Math.max(...heights) - middle(seen.hips) : torso;
  const end = Math.max(bottom, Math.max(...heights) + BELOW_ANKLE * leg);
  const start = Math.min(...heights) - ABOVE_ANKLE * leg;
  return [Math.min(...places) - margin, start, Math.max(...places) + margin, end];
}

function partsOf(person: Person, photo: ImageSize): [PoseCategory, Box, number][] {
  const seen = seenOf(person);
  const torso = torsoHeight(seen, person);
  const { shoulders, hips, knees, ankles } = person;
  const [above, at, below] = [shoulders, hips, knees].map(certaintyOf) as [number, number, number];
  const parts: [PoseCategory, Box, number][] = [];
  const hasUpper = seen.shoulders.length > 0;
  if (hasUpper && hasHiddenLegs(seen, person, torso, photo)) {
    const [left, top, right] = upperOf(seen, person, torso);
    return [['full', [left, top, right, person.box[3]], (above + at) / 2]];
  }
  if (hasUpper) parts.push(['upper', upperOf(seen, person, torso), above]);
  const goesOn = person.box[3] - middle(seen.hips) >= MIN_LEGS * torso;
  if (seen.hips.length > 0 && (seen.knees.length > 0 || goesOn)) {
    const certainty = seen.knees.length > 0 ? (at + below) / 2 : at;
    parts.push(['lower', lowerOf(seen, person, torso), certainty]);
  }
  if (seen.ankles.length > 0) {
    parts.push(['shoes', shoesOf(seen, person, torso), certaintyOf(ankles)]);
  }
  return parts;
}

/** The garments of some people, cut at the edge of the photo, the most certain first. */
export function garmentsOf(
  people: readonly Person[],
  photo: ImageSize,
  minScore: number,
): Detection[] {
  const found = people.flatMap((person) =>
    partsOf(person, photo).flatMap(([name, [left, top, right, bottom], certainty]) => {
      const box: Box = [
        Math.max(0, left),
        Math.max(0, top),
        Math.min(photo.width, right),
        Math.min(photo.height, bottom),
      ];
      const hasExtent = box[2] - box[0] >= 1 && box[3] - box[1] >= 1;
      const category = POSE_CATEGORIES.findIndex((one) => one.name === name);
      const score = Math.min(1, certainty);
      return hasExtent && score >= minScore ? [{ box, category, score }] : [];
    }),
  );
  return found.sort((a, b) => b.score - a.score);
}
