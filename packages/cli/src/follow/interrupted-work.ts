import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The idempotency key of some work, kept in the data folder until the work ends: the same command after Ctrl-C, a crash or
 * a power cut goes on with what it began.
 *
 * @param kind names the file, for people
 * @returns whether the key is that of earlier work, too
 */
export function interruptedWork(
  dataFolder: string,
  kind: string,
  input: Readonly<Record<string, unknown>>,
): { readonly key: string; readonly isEarlier: boolean; forget(): void } {
  const digest = createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 16);
  const file = join(dataFolder, `${kind}-${digest}.key`);
  mkdirSync(dataFolder, { recursive: true });
  const forget = (): void => rmSync(file, { force: true });
  try {
    return { key: readFileSync(file, 'utf8'), isEarlier: true, forget };
  } catch {
    const key = randomUUID();
    writeFileSync(file, key);
    return { key, isEarlier: false, forget };
  }
}
