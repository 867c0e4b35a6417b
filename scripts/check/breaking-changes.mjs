import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../build/places.mjs';
import { readTree } from '../generate/generated-files.mjs';
import { ACCEPTED_BREAKS } from './accepted-breaks.mjs';
import { eventChanges } from './event-changes.mjs';
import { graphChanges } from './graph-changes.mjs';

const EVENT_SCHEMAS = 'packages/contracts/gen/events';
const SUPERGRAPH = 'gateway/supergraph.graphql';
const SCHEMA_FILE = /([^/]+)\.schema\.json$/;
const NOTHING = { note: 'nothing committed to compare with' };

function git(...args) {
  return execFileSync('git', args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  });
}

function commitOf(ref) {
  try {
    return git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`).toString().trim();
  } catch {
    return undefined;
  }
}

/** The commit that a contract is held against: the last one on main before what stands in the work tree. */
function reference(path) {
  const main = commitOf('main') ?? commitOf('origin/main');
  const head = commitOf('HEAD');
  if (head === undefined) return undefined;
  if (main !== undefined && main !== head) return main;
  const isChanged = git('status', '--porcelain', '--', path).length > 0;
  return isChanged ? head : commitOf('HEAD^');
}

/** The files at and below a path, as they stand in that commit, and its name; null where there are none. */
function committed(path) {
  const commit = reference(path);
  if (commit === undefined) return null;
  const files = git('ls-tree', '-r', '--name-only', commit, path).toString().split('\n');
  return files[0] === '' ? null : { commit, files: files.filter((file) => file !== '') };
}

/** `buf breaking` of proto/ against that commit, by today's buf.yaml. */
export async function protoBreaks(tool) {
  const base = committed('proto/');
  if (base === null) return NOTHING;
  const folder = mkdtempSync(join(tmpdir(), 'deepstyle-proto-'));
  try {
    execFileSync('tar', ['-x', '-C', folder], { input: git('archive', base.commit, 'proto') });
    copyFileSync(join(ROOT, 'buf.yaml'), join(folder, 'buf.yaml'));
    const outcome = await tool('buf', 'breaking', '--against', folder);
    return { note: against(base), ...outcome };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The published event schemas against those of that commit. */
export function eventBreaks() {
  const base = committed(EVENT_SCHEMAS);
  if (base === null) return NOTHING;
  const before = base.files.map((file) => [file, git('show', `${base.commit}:${file}`)]);
  return outcome(
    base,
    eventChanges(schemasOf(before), schemasOf(readTree(join(ROOT, EVENT_SCHEMAS)))),
  );
}

/** The graph that clients see against that of that commit. */
export function graphBreaks() {
  const base = committed(SUPERGRAPH);
  if (base === null) return NOTHING;
  const before = git('show', `${base.commit}:${SUPERGRAPH}`).toString();
  return outcome(base, graphChanges(before, readFileSync(join(ROOT, SUPERGRAPH), 'utf8')));
}

/** Event type -> schema, of files by name. */
function schemasOf(files) {
  return new Map(
    [...files].flatMap(([name, text]) => {
      const type = SCHEMA_FILE.exec(name)?.[1];
      return type === undefined ? [] : [[type, JSON.parse(text.toString())]];
    }),
  );
}

function outcome(base, changes) {
  const breaks = changes.filter((line) => !ACCEPTED_BREAKS.has(line));
  if (breaks.length === 0) return { note: against(base) };
  return {
    failure: `${breaks.join('\n')}\nagainst ${base.commit}; see packages/contracts/README.md`,
  };
}

function against({ commit }) {
  return `against ${commit.slice(0, 10)}`;
}
