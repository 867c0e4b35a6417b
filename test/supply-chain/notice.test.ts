import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { noticeText } from '../../scripts/supply-chain/notice.mjs';
import { readPackages } from '../../scripts/supply-chain/packages.mjs';

const { packages } = readPackages();
const notice = noticeText(packages);
const folder = mkdtempSync(join(tmpdir(), 'deepstyle-notice-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A shipped package with these files. */
function packageOf(name: string, license: string, files: Record<string, string>) {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text);
  return {
    id: `${name}@1.0.0`,
    name,
    version: '1.0.0',
    shipped: true,
    native: false,
    folder: place,
    manifest: { license, author: 'Ada <ada@example.org>' },
  };
}

test('every package that ships is named with its version', () => {
  const missing = packages
    .filter(({ shipped }) => shipped)
    .filter(({ name, version }) => !notice.includes(`${name} ${version}`));
  expect(missing.map(({ id }) => id)).toEqual([]);
});

test('a machine of another platform writes the same NOTICE', () => {
  const elsewhere = packages.map((each) =>
    each.native ? { ...each, folder: undefined, manifest: undefined } : each,
  );
  expect(noticeText(elsewhere)).toBe(notice);
});

test('the libraries inside sharp and ONNX Runtime are those that NOTICE names', () => {
  const libvips = packages.find(
    ({ name, folder }) => name.startsWith('@img/sharp-libvips-') && folder !== undefined,
  );
  const readme = readFileSync(join(libvips?.folder ?? '', 'README.md'), 'utf8');
  const libraries = [...readme.matchAll(/^\| (\S+) +\| (?!Used under)/gm)].map(([, name]) => name);
  expect(libraries).toContain('libvips');
  expect(libraries.filter((name) => !notice.includes(`\n    ${name} `))).toEqual([]);

  const onnxruntime = packages.find(({ name }) => name === 'onnxruntime-node');
  expect(notice).toContain(`/onnxruntime/blob/v${onnxruntime?.version}/ThirdPartyNotices.txt`);
});

test('texts that differ by copyright and layout alone are printed once, below every copyright line', () => {
  const text = noticeText([
    packageOf('first', 'ISC', { LICENSE: 'Copyright (c) 2001 First\n\nDo as you like.' }),
    packageOf('second', 'ISC', { 'LICENSE.md': 'Copyright 2002 Second\r\nDo as\r\nyou like.' }),
  ]);
  expect(text).toContain('first 1.0.0\n    Copyright (c) 2001 First');
  expect(text).toContain('second 1.0.0\n    Copyright 2002 Second');
  expect(text.match(/Do as\s+you like/g)).toHaveLength(1);
});

test("a text that is one package's alone is printed as it is, and so are its notices", () => {
  const text = noticeText([
    packageOf('mixed', 'MIT', {
      LICENSE: 'Part one\nCopyright (c) 2001 A\n\nPart two\nCopyright (c) 2002 B',
      NOTICE: 'With thanks to C',
    }),
  ]);
  expect(text).toContain('Part one\nCopyright (c) 2001 A\n\nPart two\nCopyright (c) 2002 B');
  expect(text).toContain('With thanks to C');
});

test('a package without a license file joins those under the license that it names', () => {
  const bare = packageOf('bare', 'BSD-2-Clause', {});
  const other = packageOf('other', 'BSD-2-Clause', { LICENSE: 'Keep this notice.' });
  expect(noticeText([bare, other])).toContain('bare 1.0.0\n    By Ada; no license file');
  expect(() => noticeText([bare])).toThrow('no text of BSD-2-Clause for bare@1.0.0');
});

test('a license that is not on the list is in no NOTICE', () => {
  const unknown = packageOf('unknown', 'SSPL-1.0', { LICENSE: 'Server Side' });
  expect(() => noticeText([unknown])).toThrow('unknown@1.0.0 is under SSPL-1.0');
});
