export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff';

/** So many bytes tell the format: all but those of AVIF need 12. */
export const SIGNATURE_BYTES = 64;

/**
 * The format that the first bytes name; undefined for everything that is no photograph. SVG is none on purpose: it is a
 * program for a renderer, not a picture.
 */
export function photoFormatOf(bytes: Uint8Array): PhotoFormat | undefined {
  const ascii = (from: number, to: number) => asciiOf(bytes, from, to);
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (bytes[0] === 0x89 && ascii(1, 8) === 'PNG\r\n\u001a\n') return 'png';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
  if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') return 'gif';
  if (ascii(4, 8) === 'ftyp' && brandsOf(bytes).some((brand) => AVIF_BRANDS.has(brand)))
    return 'avif';
  if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*') return 'tiff';
  return undefined;
}

const AVIF_BRANDS = new Set(['avif', 'avis']);
const BRAND_BYTES = 4;

/** The brands of a box `ftyp` (ISO/IEC 14496-12, 4.3): the main one, and behind its version those it is compatible with. */
function brandsOf(bytes: Uint8Array): readonly string[] {
  const boxBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const brands = [asciiOf(bytes, 8, 12)];
  for (let at = 16; at + BRAND_BYTES <= Math.min(boxBytes, SIGNATURE_BYTES); at += BRAND_BYTES)
    brands.push(asciiOf(bytes, at, at + BRAND_BYTES));
  return brands;
}

function asciiOf(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
