import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ObjectStoreSettingsError } from '../errors.ts';

/**
 * The key that signs this data folder's URLs: made once, kept in the file `signing-key`, readable by its owner alone.
 * Links given out stay valid over restarts, and every process of the folder knows the same key.
 */
export function readSigningKey(dataFolder: string): string {
  const path = join(dataFolder, 'signing-key');
  const written = `${path}.${randomUUID()}`;
  try {
    mkdirSync(dataFolder, { recursive: true });
    writeFileSync(written, randomBytes(32).toString('hex'), { mode: 0o600 });
    try {
      // The first of several processes wins; a link never shows half a file.
      linkSync(written, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(written, { force: true });
    }
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new ObjectStoreSettingsError(
      `${path} cannot be used: ${(error as Error).message}. Make the data folder writable, or choose another.`,
      error,
    );
  }
}
