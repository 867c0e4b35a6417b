// Which elements end where no tag says so (HTML, "tree construction"), as far as it matters for what lies around a
// picture.

const set = (names: string) => new Set(names.split(' '));

const VOID = set(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr',
);
const TABLE_PARTS = set('table caption thead tbody tfoot tr td th');
/** No end tag reaches out of these, except those of tables. */
const SCOPE = set('table caption td th template object marquee');
const BLOCKS = set(
  'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section summary table ul',
);

interface Ends {
  /** Open elements that end. */
  readonly ends: ReadonlySet<string>;
  /** Elements that they are not looked for outside of. */
  readonly within: ReadonlySet<string>;
}

const TABLE = set('table template');
const PARAGRAPH: Ends = { ends: set('p'), within: new Set([...SCOPE, 'button']) };
const OWN_ENDS = new Map<string, Ends>([
  ['a', { ends: set('a'), within: new Set([...SCOPE, ...BLOCKS]) }],
  ['li', { ends: set('li'), within: new Set([...SCOPE, ...set('ul ol menu dir')]) }],
  ['option', { ends: set('option'), within: set('select datalist optgroup') }],
  ['optgroup', { ends: set('option optgroup'), within: set('select') }],
  ['tr', { ends: set('tr'), within: TABLE }],
]);
for (const name of ['dd', 'dt']) {
  OWN_ENDS.set(name, { ends: set('dd dt'), within: new Set([...SCOPE, 'dl']) });
}
for (const name of ['td', 'th']) {
  OWN_ENDS.set(name, { ends: set('td th'), within: new Set([...TABLE, 'tr']) });
}
for (const name of ['thead', 'tbody', 'tfoot']) {
  OWN_ENDS.set(name, { ends: set('thead tbody tfoot tr'), within: TABLE });
}

/** Whether an element has no content and no end tag. */
export function isVoid(name: string): boolean {
  return VOID.has(name);
}

/** Index of the open element that ends where an element of this name starts; -1: none. */
export function startEnds(open: readonly string[], name: string): number {
  const rule = OWN_ENDS.get(name) ?? (BLOCKS.has(name) ? PARAGRAPH : null);
  if (rule === null) return -1;
  for (let at = open.length - 1; at >= 0; at -= 1) {
    const element = open[at] ?? '';
    if (rule.ends.has(element)) return at;
    if (rule.within.has(element)) return -1;
  }
  return -1;
}

/** Index of the open element that an end tag of this name ends; -1: none. */
export function withinReach(open: readonly string[], name: string): number {
  const isOfTable = TABLE_PARTS.has(name);
  for (let at = open.length - 1; at >= 0; at -= 1) {
    const element = open[at] ?? '';
    if (element === name) return at;
    if (!isOfTable && SCOPE.has(element)) return -1;
  }
  return -1;
}
