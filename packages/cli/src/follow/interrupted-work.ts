import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Some work and the key under which it is, or was, begun. */
export interface InterruptedWork {
  readonly key: string;
  /** Whether the key is that of earlier work. */
  readonly isEarlier: boolean;
  /** Whether there is earlier work whose content was another one. */
  readonly hasChanged: boolean;
  forget(): void;
}

const memo = z.object({ key: z.string(), content: z.string() });
type Memo = z.infer<typeof memo>;

/**
 * The idempotency key of some work, kept in the data folder until the work ends: the same command after Ctrl-C, a crash or
 * a power cut goes on with what it began. Where what the input names has changed since, the work is another one.
 *
 * @param kind names the file, for people
 * @param content a digest of what lies where the input says
 */
export function interruptedWork(
  dataFolder: string,
  kind: string,
  input: Readonly<Record<string, unknown>>,
  content = '',
): InterruptedWork {
  const file = join(dataFolder, `${kind}-${digestOf(input)}.key`);
  const forget = (): void => rmSync(file, { force: true });
  const earlier = readMemo(file, content);
  if (earlier?.content === content)
    return { key: earlier.key, isEarlier: true, hasChanged: false, forget };
  const key = randomUUID();
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(file, JSON.stringify({ key, content } satisfies Memo));
  return { key, isEarlier: false, hasChanged: earlier !== null, forget };
}

function digestOf(input: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 16);
}

/** @param content what is taken for granted of a file that holds a key alone, as earlier versions wrote it */
function readMemo(file: string, content: string): Memo | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  return text.startsWith('{') ? parseMemo(text) : { key: text, content };
}

/** Null where the power was cut while it was written. */
function parseMemo(text: string): Memo | null {
  try {
    return memo.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
