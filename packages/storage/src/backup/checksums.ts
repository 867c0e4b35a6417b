import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { BackupDamagedError, BackupTooNewError, NotABackupError } from './errors.ts';

/** What a backup holds. */
export interface BackupContent {
  readonly files: number;
  readonly bytes: number;
}

/** Told after each file. */
export type OnProgress = (step: string, filesDone: number, files: number | null) => void;

const FORMAT = 1;
/** Says what the folder is and when it was made. */
export const DESCRIPTION = 'backup.json';
/** As `sha256sum -c` reads it. */
const SUMS = 'SHA256SUMS';

/** Describes all files of a folder beside them. */
export async function addChecksums(
  folder: string,
  now: Date,
  onProgress: OnProgress,
): Promise<BackupContent> {
  const files = await filesOf(folder);
  const sums = await open(join(folder, SUMS), 'w', 0o600);
  let bytes = 0;
  try {
    for (const [index, file] of files.entries()) {
      const path = join(folder, file);
      await sums.write(`${await digestOf(path)}  ${file}\n`);
      bytes += (await stat(path)).size;
      onProgress('reading', index + 1, files.length);
    }
  } finally {
    await sums.close();
  }
  const content = { files: files.length, bytes };
  const description = { format: FORMAT, createdAt: now.toISOString(), ...content };
  await writeFile(join(folder, DESCRIPTION), `${JSON.stringify(description)}\n`, { mode: 0o600 });
  return content;
}

/**
 * Compares a folder with its description.
 *
 * @param backup names it in errors
 * @returns what it holds, and its two files that describe the others
 * @throws NotABackupError, BackupDamagedError, BackupTooNewError
 */
export async function checkChecksums(
  folder: string,
  backup: string,
  onProgress: OnProgress,
): Promise<{ readonly content: BackupContent; readonly descriptions: readonly string[] }> {
  const content = await readDescription(folder, backup);
  const unlisted = new Set(await filesOf(folder));
  for (const name of [DESCRIPTION, SUMS]) unlisted.delete(name);
  if (unlisted.size !== content.files) {
    const problem = `it has ${unlisted.size} files, and ${content.files} belong to it`;
    throw new BackupDamagedError(backup, problem);
  }
  let checked = 0;
  for await (const { sum, file } of readSums(folder, backup)) {
    if (!unlisted.delete(file)) throw new BackupDamagedError(backup, `${file} is missing`);
    if ((await digestOf(join(folder, file))) !== sum)
      throw new BackupDamagedError(backup, `${file} does not have its SHA-256`);
    checked += 1;
    onProgress('checking', checked, content.files);
  }
  const [extra] = unlisted;
  if (extra !== undefined)
    throw new BackupDamagedError(backup, `${extra} is not listed in ${SUMS}`);
  return { content, descriptions: [DESCRIPTION, SUMS] };
}

async function readDescription(folder: string, backup: string): Promise<BackupContent> {
  let found: Partial<Record<'format' | 'files' | 'bytes', unknown>>;
  try {
    found = JSON.parse(await readFile(join(folder, DESCRIPTION), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new NotABackupError(backup);
    throw new BackupDamagedError(backup, `${DESCRIPTION} cannot be read`, error);
  }
  const { format, files, bytes } = found;
  if (typeof format !== 'number' || typeof files !== 'number' || typeof bytes !== 'number')
    throw new BackupDamagedError(backup, `${DESCRIPTION} describes no backup`);
  if (format > FORMAT) throw new BackupTooNewError(backup, format, FORMAT);
  return { files, bytes };
}

async function* readSums(folder: string, backup: string) {
  const path = join(folder, SUMS);
  if ((await stat(path).catch(() => null)) === null)
    throw new BackupDamagedError(backup, `${SUMS} is missing`);
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [, sum, file] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sum === undefined || file === undefined)
      throw new BackupDamagedError(backup, `${SUMS} has a line that is no checksum`);
    yield { sum, file };
  }
}

/** Paths below a folder, with slashes, by name. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
