// How keys become paths. File systems differ from object stores in two ways: a path cannot be a file and a folder at
// once, and some do not tell upper from lower case. So a folder's name ends in "+", and an upper-case letter becomes
// "~" and its lower-case form; neither character occurs in keys.

const FOLDER_MARK = '+';

function escapeCase(segment: string): string {
  return segment.replace(/[A-Z]/g, (letter) => `~${letter.toLowerCase()}`);
}

function unescapeCase(name: string): string {
  return name.replace(/~([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** `trends/FW2019.json` -> `trends+/~f~w2019.json` */
export function keyToPath(key: string): string {
  const segments = key.split('/').map(escapeCase);
  return segments.join(`${FOLDER_MARK}/`);
}

/** The key's segment that a directory entry stands for; folders with a slash at the end, null for what is not ours. */
export function nameToSegment(name: string, isFolder: boolean): string | null {
  if (!isFolder) return name.endsWith(FOLDER_MARK) ? null : unescapeCase(name);
  return name.endsWith(FOLDER_MARK) ? `${unescapeCase(name.slice(0, -1))}/` : null;
}
