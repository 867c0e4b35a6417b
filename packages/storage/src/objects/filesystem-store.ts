import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DeepStyleError } from '@deepstyle/platform';
import {
  InvalidRangeError,
  ObjectCorruptError,
  ObjectNotFoundError,
  ObjectStoreSettingsError,
  ObjectStoreUnavailableError,
  StorageFullError,
} from '../errors.ts';
import { makePrivateFolder } from '../private-folder.ts';
import { resolveRange } from './byte-range.ts';
import { type ByteSource, checkedStream } from './checked-stream.ts';
import { keyToPath } from './file-name.ts';
import { listFiles } from './list-files.ts';
import { checkContentType, checkObjectKey } from './object-key.ts';
import type { ByteRange, ListedObject, ObjectReference, ObjectStore } from './object-store.ts';
import { encodeTrailer, readTrailer } from './object-trailer.ts';
import { type SignedUrlOptions, signUrl } from './signed-url.ts';

export interface FilesystemObjectStoreOptions extends SignedUrlOptions {
  /** Folder of the store; created where missing. Several processes of one machine may share it. */
  readonly root: string;
}

const CHUNK_BYTES = 256 * 1024;
// No write takes that long; what is older was left by a process that died.
const ABANDONED_MS = 3_600_000;

/** Objects as files of this machine. @throws ObjectStoreSettingsError where the folder cannot be used */
export async function createFilesystemObjectStore(
  options: FilesystemObjectStoreOptions,
): Promise<ObjectStore> {
  if (options.signingKey.length < 16) {
    throw new ObjectStoreSettingsError('The signing key is shorter than 16 characters.');
  }
  const store = new FilesystemObjectStore(options);
  await store.open();
  return store;
}

class FilesystemObjectStore implements ObjectStore {
  readonly #options: FilesystemObjectStoreOptions;
  readonly #objects: string;
  readonly #unfinished: string;

  constructor(options: FilesystemObjectStoreOptions) {
    this.#options = options;
    this.#objects = join(options.root, 'objects');
    this.#unfinished = join(options.root, 'unfinished');
  }

  async open(): Promise<void> {
    try {
      makePrivateFolder(this.#options.root);
      await mkdir(this.#objects, { recursive: true });
      await mkdir(this.#unfinished, { recursive: true });
      for (const name of await readdir(this.#unfinished)) await this.#removeAbandoned(name);
    } catch (error) {
      throw new ObjectStoreSettingsError(
        `The object folder ${this.#options.root} cannot be used: ${(error as Error).message}. ` +
          'Make it writable, or choose another data folder.',
        error,
      );
    }
  }

  async #removeAbandoned(name: string): Promise<void> {
    const path = join(this.#unfinished, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_MS)
      await rm(path, { force: true });
  }

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<ObjectReference> {
    checkObjectKey(key);
    checkContentType(key, contentType);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const reference = { key, sha256, contentType, bytes: bytes.byteLength };
    const path = this.#path(key);
    const written = join(this.#unfinished, randomUUID());
    try {
      await writeDurably(written, [bytes, encodeTrailer(reference)]);
      await moveIntoPlace(written, path);
    } catch (error) {
      await rm(written, { force: true });
      throw this.#describe(error);
    }
    return reference;
  }

  async get(key: string): Promise<Uint8Array> {
    const { file, reference } = await this.#openObject(key);
    try {
      const bytes = new Uint8Array(reference.bytes);
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      if (createHash('sha256').update(bytes).digest('hex') !== reference.sha256) {
        throw new ObjectCorruptError(key, 'its bytes do not match its SHA-256');
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  async stream(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    const { file, reference } = await this.#openObject(key);
    try {
      const part = resolveRange(key, reference.bytes, range);
      const source = fileSource(file, part.start, part.length);
      return checkedStream(key, source, range === undefined ? reference.sha256 : null);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async head(key: string): Promise<ObjectReference | null> {
    try {
      const { file, reference } = await this.#openObject(key);
      await file.close();
      return reference;
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return null;
      throw error;
    }
  }

  async *list(prefix: string, after = ''): AsyncGenerator<ListedObject> {
    for await (const { key, path } of listFiles(this.#objects, { prefix, after })) {
      // Deleted since its folder was read: not there.
      const file = await open(path, 'r').catch(() => null);
      if (file === null) continue;
      try {
        const { mtime, size } = await file.stat();
        // A damaged object is listed too: whoever sweeps must see it.
        const { bytes } = await readTrailer(key, file).catch(() => ({ bytes: size }));
        yield { key, bytes, modifiedAt: mtime };
      } finally {
        await file.close();
      }
    }
  }

  async delete(key: string): Promise<void> {
    checkObjectKey(key);
    try {
      await unlink(this.#path(key));
    } catch (error) {
      if (!isAbsent(error)) throw this.#describe(error);
    }
  }

  async signedUrl(key: string, expiresSeconds: number): Promise<string> {
    return signUrl(this.#options, key, expiresSeconds);
  }

  async check(): Promise<void> {
    const path = join(this.#unfinished, randomUUID());
    try {
      await writeDurably(path, [Buffer.from('check')]);
    } catch (error) {
      throw this.#describe(error);
    } finally {
      await rm(path, { force: true });
    }
  }

  async close(): Promise<void> {
    // Every operation closes the files that it opened.
  }

  #path(key: string): string {
    return join(this.#objects, keyToPath(key));
  }

  async #openObject(key: string): Promise<{ file: FileHandle; reference: ObjectReference }> {
    checkObjectKey(key);
    let file: FileHandle;
    try {
      file = await open(this.#path(key), 'r');
    } catch (error) {
      if (isAbsent(error)) throw new ObjectNotFoundError(key);
      throw this.#describe(error);
    }
    try {
      return { file, reference: await readTrailer(key, file) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #describe(error: unknown): Error {
    if (error instanceof DeepStyleError || error instanceof InvalidRangeError) return error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
      return new StorageFullError(this.#options.root, error);
    }
    return new ObjectStoreUnavailableError(
      `The object folder ${this.#options.root} cannot be used: ${message}.`,
      error,
    );
  }
}

/** ENOTDIR: a part of the path is a file, so nothing lies below it. */
function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

async function writeDurably(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The rename is what makes the object exist; syncing the folder makes it last through a power cut. */
async function moveIntoPlace(written: string, path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  await rename(written, path);
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function fileSource(file: FileHandle, start: number, length: number): ByteSource {
  let position = start;
  const end = start + length;
  return {
    async read() {
      if (position >= end) return null;
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, end - position));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) return null;
      position += bytesRead;
      return chunk.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}
