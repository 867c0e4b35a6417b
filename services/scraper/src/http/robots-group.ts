import { tooCostly } from '../errors.ts';

/** What robots.txt says to one robot. Long ones pass from thread to thread, and a string costs less there than an object. */
export interface RobotsGroup {
  /** The pattern of each rule, the rule to prefer first. */
  readonly patterns: readonly string[];
  /** For each rule 1 where it allows, else 0. */
  readonly allow: Uint8Array;
  /** In all patterns. */
  readonly wildcards: number;
  readonly crawlDelaySeconds: number;
}

/** A robots.txt as it came. */
export interface RobotsBytes {
  readonly body: Uint8Array;
  /** The product token that groups are searched for. */
  readonly token: string;
}

interface Rule {
  readonly pattern: string;
  readonly allow: boolean;
}

interface Group {
  readonly rules: Rule[];
  crawlDelaySeconds: number;
  /** A robot that is named without any rule is not spoken to. */
  isSaid: boolean;
}

// What follows a wildcard is searched for in the whole path; other rules are compared with its start alone.
const MAX_WILDCARDS = 2000;
/** Characters of one path that are looked at, which takes a few milliseconds at the worst. */
const MAX_SEARCHED = 400_000;

/**
 * The rules for one robot (RFC 9309): those of all groups that name it, else those of all groups for everyone. Other
 * robots' rules are not kept.
 *
 * @throws RejectedSourceError TOO_COSTLY
 */
export function parseRobots({ body, token }: RobotsBytes): RobotsGroup {
  const groups = new Map([token.toLowerCase(), '*'].map((name) => [name, newGroup()]));
  readGroups(new TextDecoder().decode(body), groups);
  const [ours, everyones = newGroup()] = groups.values();
  const { rules, crawlDelaySeconds } = ours?.isSaid ? ours : everyones;
  const wildcards = rules.reduce((sum, { pattern }) => sum + pattern.split('*').length - 1, 0);
  if (wildcards > MAX_WILDCARDS) {
    throw tooCostly(`robots.txt has more than ${MAX_WILDCARDS} wildcards.`);
  }
  rules.sort(byPreference);
  const patterns = rules.map(({ pattern }) => pattern);
  const allow = Uint8Array.from(rules, (rule) => +rule.allow);
  return { patterns, allow, wildcards, crawlDelaySeconds };
}

/** Puts the lines for these robots into their groups. */
function readGroups(text: string, groups: ReadonlyMap<string, Group>): void {
  const addressed = new Set<Group>();
  let isNaming = false;
  for (const [key, value] of linesOf(text)) {
    if (key === 'user-agent') {
      if (!isNaming) addressed.clear();
      const group = groups.get(nameOf(value));
      if (group !== undefined) addressed.add(group);
      isNaming = true;
    } else if (key === 'allow' || key === 'disallow' || key === 'crawl-delay') {
      for (const group of addressed) addLine(group, key, value);
      isNaming = false;
    }
  }
}

/**
 * Whether the rules allow the address: the longest that matches decides, allow before disallow.
 *
 * @throws RejectedSourceError TOO_COSTLY for an address that is too long to be searched for so many wildcards
 */
export function allows({ patterns, allow, wildcards }: RobotsGroup, url: URL): boolean {
  const path = upperEscapes(url.pathname + url.search);
  if (path.length * wildcards > MAX_SEARCHED) {
    throw tooCostly(
      `The address is too long to be compared with the ${wildcards} wildcards of ${url.host}'s robots.txt.`,
    );
  }
  return allow[patterns.findIndex((pattern) => matches(pattern, path))] !== 0;
}

function newGroup(): Group {
  return { rules: [], crawlDelaySeconds: 0, isSaid: false };
}

/** Key (in lower case) and value of each line that has both. */
function* linesOf(text: string): Generator<[string, string]> {
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const comment = line.indexOf('#');
    const said = comment === -1 ? line : line.slice(0, comment);
    const colon = said.indexOf(':');
    if (colon === -1) continue;
    yield [said.slice(0, colon).trim().toLowerCase(), said.slice(colon + 1).trim()];
  }
}

/** `DeepStyle/1.0` -> `deepstyle` */
function nameOf(value: string): string {
  return (value.split('/', 1)[0] ?? '').trim().toLowerCase();
}

function addLine(group: Group, key: 'allow' | 'disallow' | 'crawl-delay', value: string): void {
  group.isSaid = true;
  if (key === 'crawl-delay') {
    const seconds = Number(value);
    if (!Number.isNaN(seconds)) group.crawlDelaySeconds = seconds;
  } else if (value !== '') {
    group.rules.push({ pattern: encoded(value), allow: key === 'allow' });
  }
}

/** The longest pattern that matches decides, and allow goes before disallow. */
function byPreference(a: Rule, b: Rule): number {
  return b.pattern.length - a.pattern.length || Number(b.allow) - Number(a.allow);
}

function matches(pattern: string, path: string): boolean {
  const isWhole = pattern.endsWith('$');
  const prefix = isWhole ? pattern.slice(0, -1) : pattern;
  if (prefix.includes('*')) return matchesLiterals(prefix.split('*'), isWhole, path);
  return isWhole ? path === prefix : path.startsWith(prefix);
}

/** Each literal is searched for after the one before it, so that no character of the path is looked at twice. */
function matchesLiterals(literals: readonly string[], isWhole: boolean, path: string): boolean {
  const [first = ''] = literals;
  if (!path.startsWith(first)) return false;
  let at = first.length;
  for (const literal of literals.slice(1, isWhole ? -1 : undefined)) {
    const found = path.indexOf(literal, at);
    if (found === -1) return false;
    at = found + literal.length;
  }
  const last = isWhole ? (literals.at(-1) ?? '') : '';
  return path.length - last.length >= at && path.endsWith(last);
}

/** A pattern as the path of an address is written. Wildcards in a row say what one says. */
function encoded(value: string): string {
  const pattern = value.replaceAll(/\*+/g, '*');
  try {
    return upperEscapes(encodeURI(pattern).replaceAll('%25', '%'));
  } catch {
    // A lone surrogate.
    return pattern;
  }
}

function upperEscapes(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase());
}
