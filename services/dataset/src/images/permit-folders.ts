import { resolve, sep } from 'node:path';

/** Whether a real path lies in one of the folders; `*` among them permits all. */
export function permitFolders(roots: readonly string[]): (realPath: string) => boolean {
  if (roots.includes('*')) return () => true;
  const folders = roots.map((root) => resolve(root));
  return (path) =>
    folders.some((folder) => {
      const prefix = folder.endsWith(sep) ? folder : folder + sep;
      return path === folder || path.startsWith(prefix);
    });
}
