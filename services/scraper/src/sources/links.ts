const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
/** What browsers run or show as a page of its own. */
const ACTIVE = /^(javascript|vbscript|data|blob|file)$/i;

/**
 * A text that says whom to credit, or by which licence: an http(s) link stays one, any other text stays text. A text
 * that would be a link of another kind (`javascript:`) loses what makes it one.
 */
export function withoutForeignLink(text: string): string | null {
  let rest = text.trim();
  for (;;) {
    const [prefix = '', scheme = ''] = SCHEME.exec(rest) ?? [];
    if (prefix === '' || /^https?$/i.test(scheme)) return rest === '' ? null : rest;
    const after = rest.slice(prefix.length);
    // "Photo: Nora K" is no link.
    if (/^\s/.test(after) && !ACTIVE.test(scheme)) return rest;
    rest = after.trim();
  }
}
