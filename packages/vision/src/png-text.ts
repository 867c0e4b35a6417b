const SIGNATURE_BYTES = 8;
/** Length, type and checksum, around the data of a chunk. */
const FRAME_BYTES = 12;
const TEXT = new Set(['tEXt', 'zTXt', 'iTXt']);

/**
 * A PNG without its chunks of text (PNG specification 3, 11.3.3), which decoders unpack although nobody reads them here: 100 kB
 * of them may hold 100 MB. The bytes themselves where there are none.
 */
export function withoutPngText(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const kept: Uint8Array[] = [];
  let keptFrom = 0;
  let at = SIGNATURE_BYTES;
  while (at + FRAME_BYTES <= png.length) {
    const end = at + FRAME_BYTES + view.getUint32(at);
    if (TEXT.has(String.fromCharCode(...png.subarray(at + 4, at + 8)))) {
      kept.push(png.subarray(keptFrom, at));
      keptFrom = Math.min(end, png.length);
    }
    at = end;
  }
  if (keptFrom === 0) return png;
  return Buffer.concat([...kept, png.subarray(keptFrom)]);
}
