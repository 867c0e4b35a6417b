import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { foldersIn } from '../build/files.mjs';
import { ROOT } from '../build/places.mjs';

/** Where generated files are, from the root. */
export const PROTO_CODE = 'packages/contracts/src/gen';
export const SUPERGRAPH = 'gateway/supergraph.graphql';
export const NOTICE = 'NOTICE';
const FILES = [
  NOTICE,
  SUPERGRAPH,
  'packages/cli/package.json',
  'packages/cli/src/instance/services.ts',
];
const FOLDERS = [
  PROTO_CODE,
  'packages/contracts/gen',
  ...foldersIn('services').map((service) => `services/${service}/src/gen`),
  'packages/cli/src/gen',
  'packages/web/src/gen',
];

/** Path below `folder` -> content, of every file in it. */
export function readTree(folder) {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    files.sort().map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

/** Path from the root -> content, of every generated file. */
export function readGenerated() {
  const files = new Map();
  for (const file of FILES) {
    if (existsSync(join(ROOT, file))) files.set(file, readFileSync(join(ROOT, file), 'utf8'));
  }
  for (const folder of FOLDERS) {
    for (const [name, content] of readTree(join(ROOT, folder)))
      files.set(`${folder}/${name}`, content);
  }
  return files;
}

/** One line per file that was added, changed or removed. */
export function changedFiles(before, after) {
  const lines = [];
  for (const [path, content] of after) {
    if (!before.has(path)) lines.push(`added   ${path}`);
    else if (before.get(path) !== content) lines.push(`changed ${path}`);
  }
  for (const path of before.keys()) if (!after.has(path)) lines.push(`removed ${path}`);
  return lines;
}

/** Writes a file only where its content differs, so that what is built from it stays fresh. */
export function writeChanged(path, content) {
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}.new`, content);
  renameSync(`${path}.${process.pid}.new`, path);
}

/** Makes `folder` hold exactly `files` (path below it -> content). */
export function replaceTree(folder, files) {
  for (const [name, content] of files) writeChanged(join(folder, name), content);
  for (const name of readTree(folder).keys()) if (!files.has(name)) rmSync(join(folder, name));
}
