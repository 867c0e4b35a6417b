import { rmSync } from 'node:fs';

const paths = new Set<string>();

/**
 * Has a temporary file or folder removed when the process ends, by `process.exit` too.
 *
 * @returns what takes that back, once it is removed or has found its place
 */
export function removeAtExit(path: string): () => void {
  if (paths.size === 0) process.on('exit', removeAll);
  paths.add(path);
  return () => {
    paths.delete(path);
    if (paths.size === 0) process.off('exit', removeAll);
  };
}

function removeAll(): void {
  // Threads may be writing still.
  for (const path of paths) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}
