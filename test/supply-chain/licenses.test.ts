import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { licenseFaults, licenseOf } from '../../scripts/supply-chain/licenses.mjs';
import { readPackages } from '../../scripts/supply-chain/packages.mjs';

const { packages } = readPackages();

const dependency = (name: string, license?: unknown, more = {}) => ({
  id: `${name}@1.0.0`,
  name,
  version: '1.0.0',
  shipped: true,
  native: false,
  manifest: { license },
  ...more,
});

test('every dependency, also of the tools, has a license that is on the list', () => {
  expect(packages.length).toBeGreaterThan(500);
  expect(licenseFaults(packages)).toEqual([]);
});

test.each([
  ['none', undefined, 'x@1.0.0 names no license'],
  ['an empty one', '', 'x@1.0.0 names no license'],
  ['not an SPDX expression', { type: 'MIT' }, 'x@1.0.0 names no license'],
  ['one that nobody looked at', 'SSPL-1.0', 'x@1.0.0 is under SSPL-1.0'],
  [
    'one of two that bind at once',
    '(MIT AND GPL-3.0-only)',
    'x@1.0.0 is under MIT AND GPL-3.0-only',
  ],
  ['one that others are accepted with', 'Elastic-2.0', 'x@1.0.0 is under Elastic-2.0'],
])('a license is refused: %s', (_case, license, fault) => {
  expect(licenseFaults([dependency('x', license)])).toEqual([fault]);
});

test('expressions of licenses that are on the list pass', () => {
  const both = dependency('x', '(MIT AND BSD-3-Clause)');
  expect(licenseFaults([both, dependency('y', 'MIT OR CC0-1.0')])).toEqual([]);
});

test('a native package that ships has to be on the list of those, and as its manifest says', () => {
  const native = { native: true };
  expect(licenseFaults([dependency('@x/linux-arm64', 'MIT', native)])).toEqual([
    '@x/linux-arm64@1.0.0 names no license',
  ]);
  expect(licenseFaults([dependency('@img/sharp-linux-arm64', 'MIT', native)])).toEqual([
    '@img/sharp-linux-arm64@1.0.0 is under MIT, and the list of native packages says Apache-2.0',
  ]);
  const absent = { native: true, manifest: undefined };
  expect(licenseFaults([dependency('@img/sharp-linux-arm64', undefined, absent)])).toEqual([]);
  // Of the tools, only what is installed can be read.
  const tool = { ...absent, shipped: false };
  expect(licenseFaults([dependency('@x/darwin-arm64', undefined, tool)])).toEqual([]);
});

test('README and NOTICE tell of the packages under the Elastic License', () => {
  const elastic = packages.filter((each) => licenseOf(each) === 'Elastic-2.0');
  expect(elastic).toHaveLength(5);
  for (const file of ['README.md', 'NOTICE']) {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    for (const { name } of elastic) expect(text).toContain(name.replace('@apollo/', ''));
  }
});
