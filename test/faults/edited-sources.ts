import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/build/places.mjs';
import type { Edit } from './planted-bugs.ts';

/** Each edited file with its new text. @throws where a text does not stand in its file exactly once */
export function editedSources(bug: string, edits: readonly Edit[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const path = join(ROOT, file);
    const text = sources.get(path) ?? readFileSync(path, 'utf8');
    const parts = text.split(find);
    if (parts.length !== 2) {
      throw new Error(
        `"${bug}" cannot be planted: ${file} has ${parts.length - 1} times\n${find}\nFit the bug to the present sources.`,
      );
    }
    sources.set(path, parts.join(replace));
  }
  return sources;
}
