import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DrawnSeasons } from './drawing/draw-seasons.ts';

/** One line of `manifest.jsonl`. */
export interface ManifestLine {
  /** Path below the manifest's folder. */
  readonly file?: string;
  readonly url?: string;
  readonly season: string;
  /** Where the picture shows one garment. */
  readonly category?: string;
  readonly brand: string;
  readonly title: string;
  readonly author: string;
  readonly attribution: string;
  readonly license: string;
}

export interface WrittenFolder {
  readonly path: string;
  /** `manifest.jsonl` in the folder: one JSON object per line. */
  readonly manifest: string;
  readonly files: readonly string[];
}

/** Lays a set out as `<season>/<category>/<name>.jpg` with a `manifest.jsonl` of all files, and creates the folder. */
export async function writeFolder(path: string, set: DrawnSeasons): Promise<WrittenFolder> {
  const files: string[] = [];
  for (const photo of set.photos) {
    const file = join(path, photo.file);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, photo.bytes);
    files.push(file);
  }
  const manifest = join(path, 'manifest.jsonl');
  await mkdir(path, { recursive: true });
  const lines = set.photos.map((photo) => JSON.stringify(manifestLine(photo)));
  await writeFile(manifest, lines.map((line) => `${line}\n`).join(''));
  return { path, manifest, files };
}

/** What a manifest says of a file. */
export interface ManifestPhoto {
  readonly id: string;
  readonly file: string;
  readonly season: string;
  readonly category?: string;
  readonly brand: string;
  readonly title: string;
}

/** A photo's line, by its file or, with `baseUrl`, by its address on a picture site. */
export function manifestLine(photo: ManifestPhoto, baseUrl?: string): ManifestLine {
  const { season, category, brand, title } = photo;
  return {
    ...(baseUrl === undefined
      ? { file: photo.file }
      : { url: `${baseUrl}/images/${photo.id}.jpg` }),
    season,
    ...(category === undefined ? {} : { category }),
    brand,
    title,
    author: `${brand} press office`,
    attribution: `Drawn for ${brand}`,
    license: 'CC0-1.0',
  };
}
