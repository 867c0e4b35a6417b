import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = join(fileURLToPath(import.meta.url), '..', '..', '..');

/** Where built files go. */
export const DIST = join(ROOT, 'dist');
