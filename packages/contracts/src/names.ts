/** The one comparison of names: spellings that people take for one name have one key. */

/** Of a path: capitals, composed or decomposed letters and the kind of slash make no other path. */
export function pathKey(path: string): string {
  return folded(path.replaceAll('\\', '/'));
}

/** Of a category or brand: white space makes no other name either. */
export function nameKey(name: string): string {
  return folded(name).trim().replace(/\s+/g, ' ');
}

function folded(text: string): string {
  // Lower case may compose anew: a dotted capital I becomes two characters.
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}
