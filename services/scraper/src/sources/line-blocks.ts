import { tooManyBytes } from '../photograph.ts';

const NEWLINE = 0x0a;

/**
 * The bytes in blocks of whole lines, in order. A line longer than `maxLineBytes` is cut somewhere behind that, so that
 * no more than that and a chunk is ever held.
 *
 * @throws RejectedSourceError TOO_LARGE where there are more than `maxBytes` in all
 */
export async function* lineBlocks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
  maxLineBytes: number,
): AsyncGenerator<Uint8Array> {
  // The begin of a line that goes on.
  let begun: Uint8Array[] = [];
  let [length, total] = [0, 0];
  const keep = (part: Uint8Array) => {
    const kept = part.subarray(0, Math.max(0, maxLineBytes + 1 - length));
    // Copied, as the chunk that it is a part of may be longer.
    if (kept.length > 0) begun.push(new Uint8Array(kept));
    length += kept.length;
  };
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > maxBytes) throw tooManyBytes(maxBytes);
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield Buffer.concat([...begun, chunk.subarray(0, end)]);
      begun = [];
      length = 0;
    }
    keep(chunk.subarray(end));
  }
  if (length > 0) yield Buffer.concat(begun);
}
