import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Draw, oneOf, type SourceInput, type Taken } from '../input.ts';
import { type Answer, html, picture } from '../site.ts';

/** Beside its pictures, each of them tried again once: the page and its robots.txt. */
export const OTHER_VISITS = 4;
export const ONE: Taken = { photos: 1, codes: [] };

/** A page that shows all of these. */
export function page(draw: Draw, pictures: readonly Answer[], taken: Taken): SourceInput {
  const path = `/${draw.mark}/`;
  const shown = pictures.map((_, n) => `<img src="${n}">`).join('');
  const answers = pictures.map((each, n) => [`${path}${n}`, each] as const);
  return {
    source: { url: `${draw.origin}${path}` },
    answers: { ...Object.fromEntries(answers), [path]: html(shown) },
    expected: [taken],
    maxVisits: 2 * pictures.length + OTHER_VISITS,
  };
}

/** A manifest on the disk, whose one line names a file. */
export async function manifest(
  { folder, mark }: Draw,
  file: string,
  ...expected: readonly Taken[]
): Promise<SourceInput> {
  const path = join(folder, `${mark}.jsonl`);
  await writeFile(path, JSON.stringify({ file }));
  return { source: { manifest: path }, expected, maxVisits: 0 };
}

/** A picture by any of the ways in. */
export async function byAnyWay(draw: Draw, bytes: Buffer, taken: Taken): Promise<SourceInput> {
  const way = oneOf(draw.random, ['page', 'folder', 'manifest']);
  if (way === 'page') return page(draw, [picture(bytes)], taken);
  await writeFile(join(draw.folder, 'a.png'), bytes);
  return way === 'manifest'
    ? manifest(draw, 'a.png', taken)
    : { source: { folder: draw.folder }, expected: [taken], maxVisits: 0 };
}
