import type { Split } from '../category.ts';
import type { Turn } from '../images/turn.ts';
import type { IrregularityCode } from '../irregularities.ts';
import { pathProblem } from '../lists/name-table.ts';
import { splitOfName } from './coco-files.ts';
import { imagePath } from './image-path.ts';
import { asRow, type JsonRow, numberOf, shownValue } from './values.ts';

/** Reports what is irregular about the row at hand. */
export type Say = (code: IrregularityCode, detail: string) => void;

/** An image of a COCO file. */
export interface CocoImageRow {
  /** 0 until those of all are known. */
  id: number;
  /** The id as the file says it. */
  readonly given: unknown;
  readonly fileName: string;
  /** As the file says it; 0 where it does not. */
  readonly width: number;
  readonly height: number;
  readonly split: Split | null;
  /** Name, line and place in the list of the file that names it. */
  readonly name: string;
  readonly line: number;
  readonly index: number;
  /** Place of its group; see ImagePlaces. */
  group: number;
  /** Its size in the pixels shown, and how annotations get there, once all is known; 0 where nothing tells its size. */
  shownWidth: number;
  shownHeight: number;
  turn: Turn | null;
}

export interface SaidImage extends Pick<CocoImageRow, 'fileName' | 'width' | 'height' | 'split'> {
  /** Whether its name led out of any folder. */
  readonly isCut: boolean;
}

/** What a row says of an image but for its id; null where nothing can be made of it. */
export function imageOf(value: unknown, split: Split | null, say: Say): SaidImage | null {
  const row = asRow(value) ?? {};
  const name = fileNameOf(row, say);
  if (name === null) return null;
  const [width, height] = [pixelsOf(row.width), pixelsOf(row.height)];
  const isSized = width !== null && height !== null;
  if (!isSized && (row.width ?? row.height ?? null) !== null) {
    say('SIZE_DISAGREES', `${shownValue(row.width)} x ${shownValue(row.height)} is no size.`);
  }
  return {
    fileName: name.fileName,
    isCut: name.isCut,
    width: isSized ? width : 0,
    height: isSized ? height : 0,
    split: split ?? splitOf(row.split),
  };
}

function fileNameOf(row: JsonRow, say: Say): Pick<SaidImage, 'fileName' | 'isCut'> | null {
  // LVIS says the address alone.
  const given = row.file_name ?? row.coco_url;
  if (typeof given !== 'string') {
    say('FIELD_MISSING', `file_name is ${shownValue(row.file_name)}.`);
    return null;
  }
  const straight = given.replaceAll('\\', '/');
  if (straight !== given) say('BACKSLASH', given);
  const path = imagePath(straight);
  const problem = pathProblem(path);
  if (problem !== null) {
    say('INVALID_NAME', problem);
    return null;
  }
  const isCut = path !== straight;
  if (isCut) say('PATH_CUT', `"${given}" counts as "${path}".`);
  return { fileName: path, isCut };
}

function splitOf(value: unknown): Split | null {
  return typeof value === 'string' ? splitOfName(value) : null;
}

function pixelsOf(value: unknown): number | null {
  const pixels = numberOf(value);
  return Number.isInteger(pixels) && (pixels as number) > 0 && (pixels as number) < 2 ** 31
    ? pixels
    : null;
}
