import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SPLITS, type Split } from '../category.ts';
import { UnknownDatasetFormatError } from '../errors.ts';
import { refuseLinksOutside } from '../lists/links.ts';
import type { ListFile } from '../lists/list-file.ts';
import { looksLikeCoco } from './looks-like-coco.ts';

export interface CocoFile extends ListFile {
  /** By its name, or that of its folder: one that has "train", "val" or "test" in it; null for others. */
  readonly split: Split | null;
  /** "train2017" of `instances_train2017.json`: what tools call the folder of its images; empty where it has no such part. */
  readonly subset: string;
  /** Folders of the dataset below which its images may lie, the nearest first. */
  readonly parents: readonly string[];
  /** A folder of which nothing is known, below which they may lie too. */
  readonly above: string | null;
}

export interface CocoLayout {
  readonly files: readonly CocoFile[];
  /** JSON files beside them that hold something else, as irregularities name them. */
  readonly others: readonly string[];
  /** Below which all of it lies. */
  readonly folder: string;
}

/** Where the files of a dataset, or of one of its splits, lie: in a folder of their own, else beside the images. */
const ANNOTATION_FOLDERS = ['annotations', ''] as const;
/** What COCO ships beside the boxes of things, what keeps points without them, and what comes out of evaluations. */
const OTHER_CONTENT =
  /(^|[^a-z])(captions?|keypoints?|panoptic|stuff|densepose|image_info|results?|predictions?|detections?)([^a-z]|$)/i;
/** Words at the begin of a name that say nothing of its images. */
const KINDS = /^(_?(instances|annotations?|labels?|attributes|coco|bbox)(?=[_.-]|$)[_.-]?)+/i;

/**
 * A COCO file, or a folder with COCO files: those in `annotations/`, else those in the folder itself, else those of its
 * subfolders, one for each split.
 *
 * @throws UnknownDatasetFormatError, DatasetFileRefusedError; what the file system throws
 */
export async function findCoco(path: string): Promise<CocoLayout> {
  if ((await stat(path)).isFile()) return layoutOfFile(path);
  const unlikely: CocoFile[] = [];
  for (const places of [[''], await subfolders(path, '')]) {
    const all = await filesIn(path, places);
    await refuseLinksOutside(all, path);
    const files = await likelyOf(all);
    const others = [...unlikely, ...all].filter((file) => !files.includes(file));
    if (files.length > 0) return { files, others: others.map(({ name }) => name), folder: path };
    unlikely.push(...all);
  }
  // Reading what holds something else says what is wrong with it.
  if (unlikely.length > 0) return { files: unlikely, others: [], folder: path };
  throw new UnknownDatasetFormatError(path, 'it has no .json file, also not in annotations/.');
}

async function likelyOf(files: readonly CocoFile[]): Promise<CocoFile[]> {
  const likely: CocoFile[] = [];
  for (const file of files) {
    if (await looksLikeCoco(file.path)) likely.push(file);
  }
  const ofBoxes = likely.filter(({ name }) => !OTHER_CONTENT.test(basename(name)));
  return ofBoxes.length > 0 ? ofBoxes : likely;
}

function layoutOfFile(path: string): CocoLayout {
  const folder = dirname(path);
  const parent = dirname(folder);
  const name = basename(path);
  const split = splitOfName(name) ?? splitOfRoboflow(path);
  const isSure = /^annotations$/i.test(basename(folder));
  const file = {
    ...{ path, name, split, subset: subsetOfName(name) },
    parents: isSure ? [parent, folder] : [folder],
    above: isSure ? null : parent,
  };
  return { files: [file], others: [], folder: parent };
}

function fileIn(root: string, folder: string, name: string): CocoFile {
  const own = folder.replace(/(^|\/)annotations$/, '');
  const folders = own === '' ? [root] : [join(root, own), root];
  return {
    path: join(root, folder, name),
    name: folder === '' ? name : `${folder}/${name}`,
    split: splitOfName(name) ?? splitOfName(own) ?? splitOfRoboflow(join(root, folder, name)),
    subset: subsetOfName(name),
    parents: own === folder ? folders : [...folders, join(root, folder)],
    above: null,
  };
}

/** Of each place the first of its folders that has some. */
async function filesIn(root: string, places: readonly string[]): Promise<CocoFile[]> {
  const found: CocoFile[] = [];
  for (const place of places) {
    for (const subfolder of ANNOTATION_FOLDERS) {
      const folder = join(place, subfolder).replace(/^\.$/, '');
      const entries = await entriesOf(join(root, folder));
      const names = entries.filter((entry) => isAnnotationFile(entry)).map(({ name }) => name);
      if (names.length === 0) continue;
      found.push(...names.sort().map((name) => fileIn(root, folder, name)));
      break;
    }
  }
  return found;
}

/** Also those of `annotations/`, where some keep the splits apart. */
async function subfolders(root: string, below: string): Promise<string[]> {
  const entries = await entriesOf(join(root, below));
  const names = entries.filter((entry) => isSubfolder(entry)).map(({ name }) => name);
  const own = names.sort().map((name) => join(below, name));
  return below === '' && names.includes('annotations')
    ? [...own, ...(await subfolders(root, 'annotations'))]
    : own;
}

function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

/** Files of which macOS and editors keep a shadow begin with a dot. */
function isAnnotationFile(entry: Dirent): boolean {
  return !entry.isDirectory() && /^[^.].*\.json$/i.test(entry.name);
}

function isSubfolder(entry: Dirent): boolean {
  return !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink());
}

/** Its name says nothing, and its folder is the split. */
function splitOfRoboflow(path: string): Split | null {
  const isOne = /^_annotations\.coco\.json$/i.test(basename(path));
  return isOne ? splitOfName(basename(dirname(path))) : null;
}

/** "train" of `instances_train2017.json`. */
export function splitOfName(name: string): Split | null {
  const words = name.toLowerCase().split(/[^a-z]+/);
  if (words.some((word) => word.startsWith('valid'))) return 'val';
  return SPLITS.find((split) => words.includes(split) || words.includes(`${split}ing`)) ?? null;
}

function subsetOfName(name: string): string {
  return name.replace(/(\.coco)?\.json$/i, '').replace(KINDS, '');
}
