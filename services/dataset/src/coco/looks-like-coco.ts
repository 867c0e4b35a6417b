import { openListFile } from '../lists/open-list-file.ts';

const HEAD_BYTES = 1 << 16;
const LISTS = /"(images|annotations|categories)"\s*:/;

/**
 * Whether a JSON file may hold COCO annotations, by its beginning: an object with one of COCO's lists. Of a large file whose
 * lists come later nothing is known.
 *
 * @throws DatasetFileRefusedError; what the file system throws
 */
export async function looksLikeCoco(path: string): Promise<boolean> {
  const file = await openListFile(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const text = buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\ufeff/, '')
      .trimStart();
    return text.startsWith('{') && (bytesRead === HEAD_BYTES || LISTS.test(text));
  } finally {
    await file.close();
  }
}
