/** A detector's weights file from wherever it comes, all of it checked before it is used: pure. */
import { createRandom, flattenTree, type HostTensor, type Tree } from '@deepstyle/engine';
import { z } from 'zod';
import { NotADetectorError } from '../errors.ts';
import {
  type Architecture,
  foldStatistics,
  initialParams,
  initialStatistics,
} from '../model/faster-rcnn.ts';
import { decodeModel, type ModelFile } from '../model-file.ts';

const count = z.int().min(1).max(10_000);
const px = z.number().positive().max(100_000);

/** What is read of it; a network of these sizes can be built. */
const ARCHITECTURE: z.ZodType<Architecture> = z.object({
  image: z.object({ height: count, width: count }),
  categories: count,
  widths: z.object({ stem: count, c2: count, c3: count, c4: count, c5: count }),
  pyramid: count,
  anchors: z.object({
    levels: z
      .array(z.object({ stridePx: count, sizePx: px }))
      .min(1)
      .max(10),
    ratios: z.array(z.number().positive()).min(1).max(20),
  }),
  bins: count,
  hidden: count,
  roiLevels: count,
  canonicalSizePx: px,
});
const CATEGORIES = z.array(
  z.object({ name: z.string().min(1), type: z.enum(['upper', 'lower', 'full', 'other']) }),
);

/** @param name what the file is called where it is refused @throws NotADetectorError */
export function readDetector(bytes: Uint8Array, name: string): ModelFile {
  const file = decoded(bytes, name);
  const architecture = ARCHITECTURE.safeParse(file.architecture);
  const categories = CATEGORIES.safeParse(file.categories);
  if (!architecture.success || !categories.success)
    throw new NotADetectorError(name, 'it describes another kind of network');
  if (architecture.data.categories !== categories.data.length)
    throw new NotADetectorError(name, 'its categories are not those of its network');
  const problem = weightsProblem(file.weights, architecture.data);
  if (problem !== null) throw new NotADetectorError(name, problem);
  return file;
}

function decoded(bytes: Uint8Array, name: string): ModelFile {
  try {
    return decodeModel(bytes, name);
  } catch (error) {
    // What was wrong with the bytes; that they are to be trained again is said of stored ones.
    const { cause } = error as Error;
    throw new NotADetectorError(
      name,
      cause instanceof Error ? cause.message : String(cause),
      cause,
    );
  }
}

/** What keeps weights from being those of a network, or null. */
function weightsProblem(weights: object, architecture: Architecture): string | null {
  const flat = (tree: object) => flattenTree<HostTensor>(tree as Tree<HostTensor>);
  const given = flat(weights);
  const initial = initialParams(createRandom(1), architecture);
  const wanted = flat(foldStatistics(initial, initialStatistics(initial)));
  for (const [tensor, { shape }] of Object.entries(wanted)) {
    const found = given[tensor];
    if (found === undefined) return `its tensor ${tensor} is missing`;
    if (String(found.shape) !== String(shape))
      return `its tensor ${tensor} is [${found.shape}] and not [${shape}]`;
    if (!found.data.every(Number.isFinite)) return `its tensor ${tensor} holds NaN or infinity`;
  }
  return null;
}
