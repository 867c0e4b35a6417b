import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathKey } from '@deepstyle/contracts';
import type { Split } from '../category.ts';
import { SPLITS } from '../category.ts';
import { UnknownDatasetFormatError } from '../errors.ts';
import type { ListFile } from '../lists/list-file.ts';

/** Which annotations of a folder that has both: the original ones, or the 20,000 that were labelled again. */
export type AnnotationSet = 'coarse' | 'fine';

/** Lists of one split, whose rows belong to each other by their place. */
export interface SplitFiles {
  readonly split: Split;
  readonly images: ListFile;
  readonly categories: ListFile | null;
  readonly boxes: ListFile | null;
  readonly landmarks: ListFile | null;
  readonly attributes: ListFile | null;
}

/** Where the files of a DeepFashion folder are. */
export interface DeepFashionLayout {
  readonly set: AnnotationSet;
  readonly categoryList: ListFile;
  readonly attributeList: ListFile | null;
  /** Lists with names, or null where there are only lists of each split. */
  readonly named: {
    readonly categories: ListFile;
    readonly boxes: ListFile | null;
    readonly landmarks: ListFile | null;
    readonly attributes: ListFile | null;
    readonly splits: ListFile | null;
  } | null;
  readonly splits: readonly SplitFiles[];
  readonly sizes: ListFile | null;
  /** Folder below which image names lie; null where there is none. */
  readonly images: string | null;
  /** What a whole folder has and this one has not; named as people know it. */
  readonly missing: readonly string[];
}

const FOLDERS_OF_SET: Readonly<Record<AnnotationSet, readonly string[]>> = {
  coarse: ['anno_coarse', 'anno'],
  fine: ['anno_fine'],
};

/**
 * Finds the files of a DeepFashion folder, whatever the capitals of their names. `wanted` chooses between annotations
 * where both are there; null takes the original ones first.
 *
 * @throws UnknownDatasetFormatError; what the file system throws
 */
export async function findDeepFashion(
  folder: string,
  wanted: AnnotationSet | null,
): Promise<DeepFashionLayout> {
  const root = await listingOf(folder, '');
  for (const set of wanted === null ? (['coarse', 'fine'] as const) : [wanted]) {
    for (const name of FOLDERS_OF_SET[set]) {
      const lists = await subfolder(root, name);
      const categoryList = lists && fileIn(lists, 'list_category_cloth.txt');
      if (lists && categoryList) return layoutOf(root, lists, categoryList, set);
    }
  }
  const where = wanted === 'fine' ? 'Anno_fine' : 'Anno, Anno_coarse or Anno_fine';
  throw new UnknownDatasetFormatError(
    folder,
    `it has no ${where} folder with list_category_cloth.txt.`,
  );
}

/** All lists of a layout. */
export function listsOf(layout: DeepFashionLayout): ListFile[] {
  const { categoryList, attributeList, named, splits, sizes } = layout;
  const ofSplits = splits.map(({ split: _split, ...files }) => files);
  return [{ categoryList, attributeList, sizes }, named ?? {}, ...ofSplits]
    .flatMap((files) => Object.values<ListFile | null>({ ...files }))
    .filter((file) => file !== null);
}

/** True where a folder looks like DeepFashion. */
export async function isDeepFashion(folder: string): Promise<boolean> {
  try {
    await findDeepFashion(folder, null);
    return true;
  } catch (error) {
    if (error instanceof UnknownDatasetFormatError) return false;
    throw error;
  }
}

async function layoutOf(
  root: Listing,
  lists: Listing,
  categoryList: ListFile,
  set: AnnotationSet,
): Promise<DeepFashionLayout> {
  const evaluation = await subfolder(root, 'eval');
  const images = await subfolder(root, 'img');
  const named = namedLists(lists, evaluation);
  const splits = named === null ? splitLists(lists) : [];
  if (named === null && splits.length === 0) {
    throw new UnknownDatasetFormatError(
      root.path,
      `${lists.name} has neither list_category_img.txt nor train.txt, val.txt or test.txt.`,
    );
  }
  const attributeList = fileIn(lists, 'list_attr_cloth.txt');
  const lacking: readonly (readonly [string, unknown])[] = [
    [`${lists.name}/list_attr_cloth.txt`, attributeList],
    [`${lists.name}/list_attr_img.txt`, named === null || named.attributes],
    [`${lists.name}/list_bbox.txt`, named === null || named.boxes],
    [`${lists.name}/list_landmarks.txt`, named === null || named.landmarks],
    ['Eval/list_eval_partition.txt', named === null || named.splits],
    ['Img', images],
    ...splits.flatMap(({ split, categories, boxes }) => [
      [`${lists.name}/${split}_cate.txt`, categories] as const,
      [`${lists.name}/${split}_bbox.txt`, boxes] as const,
    ]),
  ];
  return {
    set,
    categoryList,
    attributeList,
    named,
    splits,
    sizes: fileIn(lists, 'list_image_size.txt'),
    // Names begin with "img/", which lies in Img/; in some copies the two are one.
    images: images === null ? null : (await subfolder(images, 'img')) ? images.path : root.path,
    missing: lacking.filter(([, found]) => !found).map(([name]) => name),
  };
}

function namedLists(lists: Listing, evaluation: Listing | null): DeepFashionLayout['named'] {
  const categories = fileIn(lists, 'list_category_img.txt');
  if (categories === null) return null;
  const partition = 'list_eval_partition.txt';
  return {
    categories,
    boxes: fileIn(lists, 'list_bbox.txt'),
    landmarks: fileIn(lists, 'list_landmarks.txt'),
    attributes: fileIn(lists, 'list_attr_img.txt'),
    splits: fileIn(lists, partition) ?? (evaluation && fileIn(evaluation, partition)),
  };
}

function splitLists(lists: Listing): SplitFiles[] {
  return SPLITS.flatMap((split) => {
    const images = fileIn(lists, `${split}.txt`);
    if (images === null) return [];
    return [
      {
        split,
        images,
        categories: fileIn(lists, `${split}_cate.txt`),
        boxes: fileIn(lists, `${split}_bbox.txt`),
        landmarks: fileIn(lists, `${split}_landmarks.txt`),
        attributes: fileIn(lists, `${split}_attr.txt`),
      },
    ];
  });
}

interface Listing {
  readonly path: string;
  /** Path from the dataset's folder; empty for that itself. */
  readonly name: string;
  /** Lower-case name -> name. */
  readonly entries: ReadonlyMap<string, string>;
}

async function listingOf(path: string, name: string): Promise<Listing> {
  const entries = await readdir(path);
  return { path, name, entries: new Map(entries.map((entry) => [pathKey(entry), entry])) };
}

async function subfolder(parent: Listing, lowerCaseName: string): Promise<Listing | null> {
  const entry = parent.entries.get(lowerCaseName);
  if (entry === undefined) return null;
  const name = parent.name === '' ? entry : `${parent.name}/${entry}`;
  try {
    return await listingOf(join(parent.path, entry), name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
}

function fileIn(listing: Listing, lowerCaseName: string): ListFile | null {
  const entry = listing.entries.get(lowerCaseName);
  if (entry === undefined) return null;
  return { path: join(listing.path, entry), name: `${listing.name}/${entry}` };
}
