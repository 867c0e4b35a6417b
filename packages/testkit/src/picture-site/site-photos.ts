import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';

/** A picture that the site shows. */
export interface SitePhoto {
  /** Unique on the site; the picture is at `/images/<id><extension>`. */
  readonly id: string;
  readonly extension: string;
  readonly season: string;
  readonly brand: string;
  /** Where the picture shows one garment. */
  readonly category?: string;
  readonly title: string;
  read(): Promise<Uint8Array>;
}

/** A drawn set, of garments or of scenes: its JPEG files, each with what is said of it. */
export interface PictureSet {
  readonly photos: readonly (Omit<SitePhoto, 'extension' | 'read'> & {
    readonly bytes: Uint8Array;
  })[];
}

/** All files of a drawn set, those that are no photograph too: a site has such. */
export function photosOfSet(set: PictureSet): SitePhoto[] {
  return set.photos.map(({ id, season, brand, category, title, bytes }) => ({
    id,
    extension: '.jpg',
    season,
    brand,
    ...(category === undefined ? {} : { category }),
    title,
    read: async () => bytes,
  }));
}

const PICTURE = /\.(jpe?g|png|webp|gif|avif)$/i;

/**
 * The pictures below a folder laid out as `<season>/<category>/<name>` or `<category>/<name>`; brand `Unnamed`, and season
 * `undated` without a season's folder.
 */
export async function photosOfFolder(folder: string): Promise<SitePhoto[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => PICTURE.test(file));
  return files.sort().map((file) => {
    const path = join(folder, file);
    const folders = relative(folder, path).split(sep).slice(0, -1);
    const extension = extname(file).toLowerCase();
    return {
      id: file.slice(0, -extension.length).replaceAll(/[^\w-]+/g, '-'),
      extension,
      season: folders.length > 1 ? (folders[0] as string) : 'undated',
      brand: 'Unnamed',
      category: folders.at(-1) ?? 'unsorted',
      title: basename(file, extension),
      read: () => readFile(path),
    };
  });
}
