import { basename, join } from 'node:path';
import type { Split } from '../category.ts';
import { type ImageGroup, type ImagePlaces, NameSamples } from '../images/image-places.ts';
import type { CocoFile } from './coco-files.ts';

/** What people and tools call the folder of a split. */
const SPLIT_FOLDERS: Readonly<Record<Split, readonly string[]>> = {
  train: ['train', 'training', 'train2017', 'train2014'],
  val: ['val', 'valid', 'validation', 'val2017', 'val2014'],
  test: ['test', 'testing', 'test2017', 'test2014'],
};
/** Folders of images: those of COCO and CVAT, FiftyOne, labelme, and of people. */
const IMAGE_FOLDERS = [
  'images',
  'data',
  'JPEGImages',
  'image',
  'imgs',
  'img',
  'photos',
  'pictures',
];
/** Fashionpedia ships the images of its validation with those of its test. */
const FASHIONPEDIA_VAL = /^instances_attributes_val\d*\.json$/i;

/** Where the images of a dataset are looked for. */
export interface ImageSearch {
  /** Folder of the dataset. */
  readonly root: string;
  /** The folder that a person names for them; null where they usually lie. */
  readonly named: string | null;
}

/** Collects which images of COCO files lie together: those that one file lists for one split. */
export class CocoPlaces {
  readonly #search: ImageSearch;
  readonly #groups = new Map<string, number>();
  readonly #found: {
    readonly group: Omit<ImageGroup, 'samples'>;
    readonly samples: NameSamples;
  }[] = [];

  constructor(search: ImageSearch) {
    this.#search = search;
  }

  /** The group of an image. */
  take(file: CocoFile, split: Split | null, fileName: string): number {
    const key = `${split} ${file.path}`;
    const group = this.#groups.get(key) ?? this.#found.length;
    if (group === this.#found.length) {
      this.#groups.set(key, group);
      this.#found.push({ group: this.#foldersOf(file, split), samples: new NameSamples() });
    }
    this.#found[group]?.samples.add(() => fileName);
    return group;
  }

  places(): ImagePlaces {
    const { root, named } = this.#search;
    const groups = this.#found.map(({ group, samples }) => ({ ...group, samples: samples.names }));
    return { root: named ?? root, groups, isNamed: named !== null };
  }

  #foldersOf(file: CocoFile, split: Split | null): Omit<ImageGroup, 'samples'> {
    const subsets = subsetsOf(file, split);
    const { named } = this.#search;
    const below = (parent: string) => foldersBelow(parent, subsets);
    if (named !== null) return { folders: [named, ...below(named)], own: [] };
    const { parents, above } = file;
    const own = parents.flatMap((parent) => below(parent));
    const folders = parents.flatMap((parent) => [...below(parent), parent]);
    return { folders: above === null ? folders : [...folders, ...below(above), above], own };
  }
}

function subsetsOf({ name, subset }: CocoFile, split: Split | null): string[] {
  return [
    ...(/[^.]/.test(subset) ? [subset] : []),
    ...(split === null ? [] : SPLIT_FOLDERS[split]),
    ...(FASHIONPEDIA_VAL.test(basename(name)) ? ['test'] : []),
  ];
}

function foldersBelow(parent: string, subsets: readonly string[]): string[] {
  const ofSubsets = subsets.flatMap((subset) => [
    ...IMAGE_FOLDERS.flatMap((folder) => [`${folder}/${subset}`, `${subset}/${folder}`]),
    subset,
  ]);
  return [...ofSubsets, ...IMAGE_FOLDERS].map((folder) => join(parent, folder));
}
