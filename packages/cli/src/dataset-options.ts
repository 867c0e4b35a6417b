import type { OpenOptions, Split } from '@deepstyle/dataset/files';
import { UsageError } from './usage-error.ts';

/** As `parseArgs` has them. */
export const DATASET_OPTIONS = {
  name: { type: 'string' },
  output: { type: 'string' },
  split: { type: 'string' },
  boxes: { type: 'string' },
  set: { type: 'string' },
  sizes: { type: 'string' },
  images: { type: 'string' },
  strict: { type: 'boolean' },
  all: { type: 'boolean' },
  'no-attributes': { type: 'boolean' },
  'no-images': { type: 'boolean' },
} as const;

/** What was typed of them. */
export type DatasetValues = {
  readonly [Name in keyof typeof DATASET_OPTIONS]?:
    | ((typeof DATASET_OPTIONS)[Name]['type'] extends 'string' ? string : boolean)
    | undefined;
};

/** Of the commands that begin with `dataset`. */
export interface DatasetOptions {
  /** Folder or file; of `dataset export` also the id of a dataset. */
  readonly source: string;
  readonly name?: string;
  readonly output?: string;
  readonly split: Split | null;
  readonly boxConvention: OpenOptions['boxConvention'];
  readonly annotationSet: OpenOptions['annotationSet'];
  readonly attributes: boolean;
  readonly sizes?: string;
  readonly images?: string;
  readonly storeImages: boolean;
  readonly strict: boolean;
  /** A line for each irregularity. */
  readonly all: boolean;
}

/** @throws UsageError naming what is wrong */
export function readDatasetOptions(
  command: string,
  source: string | undefined,
  values: DatasetValues,
): DatasetOptions {
  if (source === undefined) {
    const what = command === 'dataset export' ? 'DATASET, an id or a folder' : 'PATH';
    throw new UsageError(`${command} needs ${what}.`);
  }
  const { name, output, sizes, images } = values;
  return {
    source,
    ...(name === undefined ? null : { name }),
    ...(output === undefined ? null : { output }),
    ...(sizes === undefined ? null : { sizes }),
    ...(images === undefined ? null : { images }),
    split: oneOf('split', values.split, ['train', 'val', 'test'] as const) ?? null,
    boxConvention: oneOf('boxes', values.boxes, ['exclusive', 'inclusive'] as const) ?? 'exclusive',
    annotationSet: oneOf('set', values.set, ['coarse', 'fine'] as const) ?? null,
    attributes: values['no-attributes'] !== true,
    storeImages: values['no-images'] !== true,
    strict: values.strict === true,
    all: values.all === true,
  };
}

function oneOf<V extends string>(
  name: string,
  said: string | undefined,
  values: readonly V[],
): V | undefined {
  const value = values.find((each) => each === said);
  if (said === undefined || value !== undefined) return value;
  throw new UsageError(`--${name} must be one of ${values.join(', ')}, not "${said}".`);
}
