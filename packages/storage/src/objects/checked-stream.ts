import { createHash } from 'node:crypto';
import { ObjectCorruptError } from '../errors.ts';

/** Where a stream's bytes come from; `read` answers null at the end. */
export interface ByteSource {
  read(): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

/** A web stream over a source that fails at its end where the bytes do not have `sha256` (null: not checked). */
export function checkedStream(
  key: string,
  source: ByteSource,
  sha256: string | null,
): ReadableStream<Uint8Array> {
  const hash = sha256 === null ? null : createHash('sha256');
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const chunk = await source.read();
        if (chunk !== null) {
          hash?.update(chunk);
          controller.enqueue(chunk);
          return;
        }
        await source.close();
        if (hash === null || hash.digest('hex') === sha256) controller.close();
        else controller.error(new ObjectCorruptError(key, 'its bytes do not match its SHA-256'));
      } catch (error) {
        await source.close().catch(() => undefined);
        controller.error(error);
      }
    },
    cancel: () => source.close(),
  });
}
