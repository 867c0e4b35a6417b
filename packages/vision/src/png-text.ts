import { pngChunks } from './picture-parts.ts';

const TEXT = new Set(['tEXt', 'zTXt', 'iTXt']);

/**
 * A PNG without its chunks of text (PNG specification 3, 11.3.3), which decoders unpack although nobody reads them here: 100 kB
 * of them may hold 100 MB. The bytes themselves where there are none.
 */
export function withoutPngText(png: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [];
  let keptFrom = 0;
  for (const { type, at, end } of pngChunks(png)) {
    if (!TEXT.has(type)) continue;
    // Chunks that follow each other are left out at once.
    if (at > keptFrom) kept.push(png.subarray(keptFrom, at));
    keptFrom = Math.min(end, png.length);
  }
  if (keptFrom === 0) return png;
  return Buffer.concat([...kept, png.subarray(keptFrom)]);
}
