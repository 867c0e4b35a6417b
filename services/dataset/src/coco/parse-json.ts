/** An id that a double may not hold. */
const LONG_ID = /"(id|image_id|category_id)"(\s*:\s*)(-?\d{16,})(?=\s*[,}])/g;
/** A string, or a number that is none outside of strings. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * Parses JSON as Python and pandas write it: NaN and Infinity count as null, which `onNaN` is told of. Ids that a double does
 * not hold become text, so that no two of them become one.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string, onNaN: () => void): unknown {
  const exact = text.replace(LONG_ID, quotedIfUnsafe);
  try {
    return JSON.parse(exact);
  } catch (error) {
    const mended = exact.replace(TOKENS, (token) => (token.startsWith('"') ? token : 'null'));
    if (mended === exact) throw error;
    const value: unknown = JSON.parse(mended);
    onNaN();
    return value;
  }
}

function quotedIfUnsafe(whole: string, key: string, colon: string, digits: string): string {
  return Number.isSafeInteger(Number(digits)) ? whole : `"${key}"${colon}"${digits}"`;
}
