// NOTICE: what ships with DeepStyle, under which license and whose copyright. The same on every platform.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../build/places.mjs';
import { NOTICE, writeChanged } from '../generate/generated-files.mjs';
import { licenseFaults, licenseIds, licenseOf } from './licenses.mjs';
import { readPackages } from './packages.mjs';

const HEAD = 'scripts/supply-chain/notice-head.txt';
const TEXT_FILE = /^(licen[cs]e|copying|notice|copyright|third.?party)/i;
const COPYRIGHT_LINE =
  /^\W*(copyright\s*(\(c\)|©|:|\d{4})|\(c\)\s*\d{4}|©|all rights reserved\W*$)/i;
const RULE = '-'.repeat(100);

const readText = (path) =>
  readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .replace(/\s*\r?\n/g, (space) => '\n'.repeat(Math.min(space.split('\n').length - 1, 2)))
    .trim();

const licenseTexts = ({ folder }) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && TEXT_FILE.test(entry.name))
    .map(({ name }) => readText(join(folder, name)))
    .sort();

const isCopyright = (line) => COPYRIGHT_LINE.test(line);
const withoutCopyright = (text) =>
  text
    .split('\n')
    .filter((line) => !isCopyright(line))
    .join('\n')
    .trim();
const wordsOf = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, ' ');

/** Texts that differ by layout and copyright lines alone are one: its words -> {text, users}. */
function groupTexts(packages) {
  const groups = new Map();
  for (const each of packages) {
    for (const text of licenseTexts(each)) {
      const words = wordsOf(withoutCopyright(text));
      const group = groups.get(words) ?? { text, users: [] };
      group.users.push({ ...each, copyright: text.split('\n').filter(isCopyright) });
      groups.set(words, group);
    }
  }
  return [...groups.values()].sort((left, right) => right.users.length - left.users.length);
}

const authorOf = ({ author }) =>
  (typeof author === 'string' ? author : author?.name)?.replace(/\s*[<(].*$/, '');

/** Packages that bring no license file join those that bring the usual text of the license they name. */
function addPackagesWithoutText(groups, packages) {
  const withText = new Set(groups.flatMap(({ users }) => users.map(({ id }) => id)));
  for (const each of packages.filter(({ id }) => !withText.has(id))) {
    const author = authorOf(each.manifest);
    const copyright = [author ? `By ${author}; no license file` : 'No license file'];
    for (const license of licenseOf(each).split(' OR ').slice(0, 1).flatMap(licenseIds)) {
      const usual = groups.find(({ users }) => users.some((user) => licenseOf(user) === license));
      if (usual === undefined) throw new Error(`NOTICE has no text of ${license} for ${each.id}`);
      usual.users.push({ ...each, copyright });
    }
  }
}

function block({ text, users }) {
  const shared = users.length > 1;
  const names = users.map(({ name, version, copyright }) => {
    const lines = shared ? [...new Set(copyright.map((line) => line.trim()))] : [];
    return [`${name} ${version}`, ...lines.map((line) => `    ${line}`)].join('\n');
  });
  return [RULE, ...names, '', shared ? withoutCopyright(text) : text, ''].join('\n');
}

export function noticeText(packages) {
  const shipped = packages.filter((each) => each.shipped);
  const faults = licenseFaults(shipped);
  if (faults.length > 0) throw new Error(`NOTICE:\n${faults.join('\n')}\nSee \`check licenses\`.`);
  const native = shipped.filter((each) => each.native);
  const portable = shipped.filter((each) => !each.native);
  const groups = groupTexts(portable);
  addPackagesWithoutText(groups, portable);
  return [
    readText(join(ROOT, HEAD)),
    '',
    ...native.map((each) => `    ${each.name} ${each.version}: ${licenseOf(each)}`),
    '',
    'Packages',
    '========',
    '',
    `${portable.length} packages, by the text of their license. Texts that differ by their copyright lines or their layout alone are`,
    'printed once, below the packages and their copyright lines.',
    '',
    ...groups.map(block),
  ].join('\n');
}

export function generateNotice() {
  const { packages } = readPackages();
  writeChanged(join(ROOT, NOTICE), noticeText(packages));
}
