import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Where text goes piece by piece. */
export interface TextSink {
  write(text: string): Promise<void>;
}

const BATCH_CHARACTERS = 1 << 18;

/**
 * Gathers small pieces and hands them on in large ones. `add` says that a batch is full: `await flush()` then, which
 * also lets other work of the process have its turn. A batch is being written while the next one is gathered.
 */
export class TextBatcher {
  readonly #sink: TextSink;
  #text = '';
  #writing: Promise<void> = Promise.resolve();

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  add(text: string): boolean {
    this.#text += text;
    return this.#text.length >= BATCH_CHARACTERS;
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    await this.#writing;
    this.#writing = this.#sink.write(text);
    // What fails is told by the next flush or the end.
    this.#writing.catch(() => {});
    await nextTurn();
  }

  async end(): Promise<void> {
    await this.flush();
    await this.#writing;
  }
}

/** Writes a file that appears under its name only when it is whole; its folder is made where it is missing. */
export async function writeWholeFile(
  path: string,
  work: (sink: TextSink) => Promise<void>,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.unfinished`;
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(unfinished, 'w');
  try {
    await work({
      write: async (text) => {
        const chunk = Buffer.from(text);
        bytes += chunk.length;
        hash.update(chunk);
        await writeAll(file, chunk);
      },
    });
    await file.close();
    await rename(unfinished, path);
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  let written = 0;
  while (written < chunk.length) {
    const { bytesWritten } = await file.write(chunk, written);
    written += bytesWritten;
  }
}
