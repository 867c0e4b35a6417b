// Under pnpm each package sees only its own dependencies, in its own node_modules; the bundle inlines many packages
// into one folder that has none. So dist/node_modules gets one link to each dependency of each inlined package.
import { existsSync, mkdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { linkInPlace } from './files.mjs';
import { DIST, ROOT } from './places.mjs';

const OWN_SCOPE = '@deepstyle/';

/** `@scope/name/file` -> `@scope/name`. */
function packageName(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The folder of the workspace package that owns a source file, from the root. */
function owner(input) {
  for (let folder = dirname(input); folder !== '.'; folder = dirname(folder)) {
    if (existsSync(join(ROOT, folder, 'package.json'))) return folder;
  }
  return '.';
}

function declared(folder) {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const required = Object.keys(manifest.dependencies ?? {});
  const optional = Object.keys({
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });
  const counts = (name) => !name.startsWith(OWN_SCOPE) && !name.startsWith('@types/');
  return { required: required.filter(counts), optional: optional.filter(counts) };
}

function refuseUndeclared(input, imports, folder, names) {
  for (const { path, external } of imports) {
    if (!external || isBuiltin(path) || names.has(packageName(path))) continue;
    throw new Error(
      `${input} imports ${path}, but ${folder}/package.json does not declare ${packageName(path)}: ` +
        'add it to its dependencies',
    );
  }
}

/** Dependency -> the link in some package's node_modules that leads to it. */
function dependencyLinks(inputs) {
  const links = new Map();
  const seen = new Map();
  for (const [input, { imports }] of Object.entries(inputs)) {
    const folder = owner(input);
    if (!seen.has(folder)) {
      const { required, optional } = declared(folder);
      seen.set(folder, new Set([...required, ...optional]));
      for (const name of required) addLink(links, folder, name, true);
      for (const name of optional) addLink(links, folder, name, false);
    }
    refuseUndeclared(input, imports, folder, seen.get(folder));
  }
  return links;
}

function addLink(links, folder, name, isRequired) {
  const link = join(ROOT, folder, 'node_modules', name);
  if (!existsSync(link)) {
    if (!isRequired) return;
    throw new Error(
      `${folder}/package.json declares ${name}, which is not installed: pnpm install`,
    );
  }
  const other = links.get(name);
  if (other === undefined) links.set(name, link);
  else if (realpathSync(other) !== realpathSync(link)) {
    throw new Error(
      `${name} would be two different packages in one process: ${relative(ROOT, other)} and ` +
        `${relative(ROOT, link)}. Use one version, by the catalog in pnpm-workspace.yaml`,
    );
  }
}

/** Links the dependencies of every package that has a source among `inputs` (of esbuild's metafile). */
export function linkDependencies(inputs) {
  for (const [name, link] of dependencyLinks(inputs)) {
    const target = join(DIST, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    const pointsTo = relative(dirname(target), link);
    let current;
    try {
      current = readlinkSync(target);
    } catch {
      current = undefined;
    }
    if (current !== pointsTo) linkInPlace(pointsTo, target);
  }
}
