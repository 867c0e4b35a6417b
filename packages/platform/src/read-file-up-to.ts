import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Room beyond what a file says that it holds. */
const MORE_BYTES = 64 * 1024;

/**
 * The bytes of a regular file. What its size says is not relied on: files of /proc say none, and others grow meanwhile.
 *
 * @returns why it is not read, where it is none or holds more
 * @throws what the file system throws
 */
export async function readFileUpTo(
  path: string,
  maxBytes: number,
): Promise<Buffer | 'no regular file' | 'too large'> {
  // A pipe would be waited for without end.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile()) return 'no regular file';
    if (found.size > maxBytes) return 'too large';
    let bytes = Buffer.allocUnsafe(Math.min(found.size + MORE_BYTES, maxBytes + 1));
    for (let length = 0; ; ) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length);
      if (bytesRead === 0) return bytes.subarray(0, length);
      length += bytesRead;
      if (length > maxBytes) return 'too large';
      if (length === bytes.length) {
        const longer = Buffer.allocUnsafe(Math.min(2 * length + MORE_BYTES, maxBytes + 1));
        bytes.copy(longer);
        bytes = longer;
      }
    }
  } finally {
    await file.close();
  }
}
