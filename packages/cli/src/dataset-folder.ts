import { resolve } from 'node:path';
import { DEFAULT_OPEN_OPTIONS, type OpenOptions } from '@deepstyle/dataset/files';
import type { Environment } from '@deepstyle/platform';
import { callerFolder } from './caller-folder.ts';
import type { Options } from './command-line.ts';
import type { DatasetOptions } from './dataset-options.ts';

/** The options of a dataset command, with its paths as the person meant them. */
export function resolvedDataset(options: Options, environment: Environment): DatasetOptions {
  if (options.dataset === undefined) throw new TypeError('This is no dataset command.');
  const { source, sizes, images, output } = options.dataset;
  const folder = callerFolder(environment);
  return {
    ...options.dataset,
    source: resolve(folder, source),
    ...(sizes === undefined ? null : { sizes: resolve(folder, sizes) }),
    ...(images === undefined ? null : { images: resolve(folder, images) }),
    ...(output === undefined ? null : { output: resolve(folder, output) }),
  };
}

/** How its folder or file is read. */
export function openOptionsOf(dataset: DatasetOptions): OpenOptions {
  const { boxConvention, annotationSet, attributes, sizes = null, images = null } = dataset;
  return { ...DEFAULT_OPEN_OPTIONS, boxConvention, annotationSet, attributes, sizes, images };
}
