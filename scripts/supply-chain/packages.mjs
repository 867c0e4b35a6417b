// The third-party packages of the lockfile, each with its manifest as it lies in node_modules.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ROOT } from '../build/places.mjs';

const STORE = join(ROOT, 'node_modules', '.pnpm');
const SHIPPED = ['dependencies', 'optionalDependencies'];

/** The package's address in bills of materials and advisories. */
export const purlOf = ({ name, version }) =>
  `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;

/** `name@version` of a snapshot, which has the peers it was resolved with in brackets behind it. */
const idOf = (snapshot) => snapshot.replace(/\(.*$/, '');
const nameOf = (id) => id.slice(0, id.lastIndexOf('@'));

/** The snapshots that `holder` names in `fields`; packages of the house are links. */
function named(lockfile, holder, fields) {
  return fields
    .flatMap((field) => Object.entries(holder[field] ?? {}))
    .map(([name, at]) => [name, at.version ?? at])
    .filter(([, version]) => !version.startsWith('link:'))
    .map(([name, version]) => (version in lockfile.snapshots ? version : `${name}@${version}`));
}

/** `roots` and what they need, without what `isLeftOut`, nor what only that needs. */
function reach(lockfile, roots, isLeftOut = () => false) {
  const reached = new Set();
  const waiting = [...roots];
  while (waiting.length > 0) {
    const snapshot = waiting.pop();
    if (reached.has(snapshot) || isLeftOut(snapshot)) continue;
    reached.add(snapshot);
    waiting.push(...named(lockfile, lockfile.snapshots[snapshot], SHIPPED));
  }
  return reached;
}

/** Id -> folder, of every package in node_modules. */
function installedPackages() {
  const folders = new Map();
  for (const entry of readdirSync(STORE)) {
    const [, name, version] = /^((?:@[^+]+\+)?[^@]+)@([^_]+)/.exec(entry) ?? [];
    if (name === undefined) continue;
    const plain = name.replace('+', '/');
    folders.set(`${plain}@${version}`, join(STORE, entry, 'node_modules', plain));
  }
  return folders;
}

function readManifest(id, folder, isNative) {
  const path = folder === undefined ? undefined : join(folder, 'package.json');
  if (path !== undefined && existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  if (isNative) return undefined;
  throw new Error(`${id} is in pnpm-lock.yaml and not in node_modules: npx -y pnpm@10 install`);
}

/**
 * Every package of the lockfile, in the order of their ids:
 * - `shipped`: a production dependency, which is what the image holds;
 * - `native`: on some platforms only, so that it may have no folder and no manifest here;
 * - `needs`: the ids of what it depends on.
 *
 * `direct`: the ids that the house's own packages name for production.
 */
export function readPackages() {
  const lockfile = load(readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8'));
  const rootsBy = (fields) =>
    Object.values(lockfile.importers).flatMap((importer) => named(lockfile, importer, fields));
  const isNative = (snapshot) => {
    const { os, cpu, libc } = lockfile.packages[idOf(snapshot)];
    return lockfile.snapshots[snapshot].optional === true && Boolean(os ?? cpu ?? libc);
  };
  const ids = (snapshots) => new Set([...snapshots].map(idOf));
  const shipped = ids(reach(lockfile, rootsBy(SHIPPED)));
  const everywhere = ids(reach(lockfile, rootsBy([...SHIPPED, 'devDependencies']), isNative));

  const needs = new Map();
  for (const [snapshot, holder] of Object.entries(lockfile.snapshots)) {
    const known = needs.get(idOf(snapshot)) ?? [];
    needs.set(idOf(snapshot), [...known, ...named(lockfile, holder, SHIPPED).map(idOf)]);
  }
  const folders = installedPackages();
  const packages = Object.entries(lockfile.packages).map(([id, { resolution }]) => ({
    id,
    name: nameOf(id),
    version: id.slice(nameOf(id).length + 1),
    integrity: resolution.integrity,
    shipped: shipped.has(id),
    native: !everywhere.has(id),
    needs: [...ids(needs.get(id))].sort(),
    folder: folders.get(id),
    manifest: readManifest(id, folders.get(id), !everywhere.has(id)),
  }));
  packages.sort((left, right) => (left.id < right.id ? -1 : 1));
  return { packages, direct: [...ids(rootsBy(SHIPPED))].sort() };
}
