import { dirname } from 'node:path';

/**
 * Where the images of a dataset may lie: the one place that says which picture belongs to which row. Plain, as it goes from
 * one thread to another.
 */
export interface ImagePlaces {
  /** Folder of the dataset, which links may not lead out of. */
  readonly root: string;
  /** Rows belong to groups by the file that names them and their split. */
  readonly groups: readonly ImageGroup[];
  /** Whether a person named the folder, so that images are expected there. */
  readonly isNamed: boolean;
}

/** Rows whose images lie together. */
export interface ImageGroup {
  /** Folders where their names may begin, the likeliest first. */
  readonly folders: readonly string[];
  /** Those of them that are there for images alone: where one is there, images are expected. */
  readonly own: readonly string[];
  /** Some of the names, by which the folder is chosen. */
  readonly samples: readonly string[];
}

const FIRST_SAMPLES = 20;

/** Some of many names: the first ones, then ever fewer. */
export class NameSamples {
  readonly names: string[] = [];
  #count = 0;

  add(name: () => string): void {
    this.#count += 1;
    const isPowerOfTwo = (this.#count & (this.#count - 1)) === 0;
    if (this.#count <= FIRST_SAMPLES || isPowerOfTwo) this.names.push(name());
  }
}

/** The folder that holds all of these; null for none. */
export function commonFolder(folders: readonly string[]): string | null {
  const [first, ...others] = folders;
  if (first === undefined) return null;
  let common = first;
  while (others.some((folder) => folder !== common && !folder.startsWith(`${common}/`))) {
    const above = dirname(common);
    if (above === common) break;
    common = above;
  }
  return common;
}
