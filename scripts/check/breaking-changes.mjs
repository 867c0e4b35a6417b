import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../build/places.mjs';

function git(...args) {
  return execFileSync('git', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
}

function commitOf(ref) {
  try {
    return git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`).toString().trim();
  } catch {
    return undefined;
  }
}

/** The commit that proto/ is held against: the last one on main before what stands in the work tree. */
function reference() {
  const main = commitOf('main') ?? commitOf('origin/main');
  const head = commitOf('HEAD');
  if (head === undefined) return undefined;
  if (main !== undefined && main !== head) return main;
  const isChanged = git('status', '--porcelain', '--', 'proto').length > 0;
  return isChanged ? head : commitOf('HEAD^');
}

/** `buf breaking` against that commit, by today's buf.yaml. */
export async function breakingChanges(tool) {
  const commit = reference();
  if (commit === undefined || git('ls-tree', commit, 'proto/').length === 0) {
    return { note: 'nothing committed to compare with' };
  }
  const folder = mkdtempSync(join(tmpdir(), 'deepstyle-proto-'));
  try {
    execFileSync('tar', ['-x', '-C', folder], { input: git('archive', commit, 'proto') });
    copyFileSync(join(ROOT, 'buf.yaml'), join(folder, 'buf.yaml'));
    const outcome = await tool('buf', 'breaking', '--against', folder);
    return { note: `against ${commit.slice(0, 10)}`, ...outcome };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
