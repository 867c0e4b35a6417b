import { posix } from 'node:path';

/** An address, with its host: "https://host/", "s3://bucket/"; "C:/" is none. */
const ADDRESS = /^[a-z][a-z0-9+.-]+:\/\/[^/]*\/?/i;
const DRIVE = /^[a-z]:/i;
/** Names of most images, in which nothing needs a closer look. */
const IS_PLAIN = /^[\w-][\w .-]*(\/[\w-][\w .-]*)*$/;
/** As Label Studio names files of its own machine: "/data/local-files/?d=folder/a.png". */
const LOCAL_FILE = /[?&]d=([^&#]*)/;

/**
 * The path of an image below some folder. Tools write where it lay on their machine: a path that leads out of the folder or
 * begins at the root, or an address. What leads there is left off. Empty where nothing is left.
 */
export function imagePath(given: string): string {
  if (IS_PLAIN.test(given)) return given;
  const [, local] = LOCAL_FILE.exec(given) ?? [];
  const path = local === undefined ? withoutAddress(given) : decoded(local);
  const parts = posix.normalize(path.replace(DRIVE, '')).split('/');
  return parts.filter((part) => part !== '' && part !== '.' && part !== '..').join('/');
}

function withoutAddress(given: string): string {
  if (!ADDRESS.test(given)) return given;
  return decoded(given.replace(ADDRESS, '').replace(/[?#].*$/, ''));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A percent sign of its own.
    return path;
  }
}
