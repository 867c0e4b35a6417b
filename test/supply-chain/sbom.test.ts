import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { load } from 'js-yaml';
import { readPackages } from '../../scripts/supply-chain/packages.mjs';
import { sbomText } from '../../scripts/supply-chain/sbom.mjs';

interface Component {
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly object[];
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}

interface Bom {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: string[] }[];
}

interface Lockfile {
  readonly importers: Record<string, unknown>;
  readonly packages: Record<string, { readonly resolution: { readonly integrity?: string } }>;
}

const ROOT = join(import.meta.dirname, '../..');
const SCHEMAS = join(ROOT, 'node_modules/@cyclonedx/cyclonedx-library/res/schema');
const lockfile = load(readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8')) as Lockfile;
const bom = JSON.parse(sbomText(readPackages())) as Bom;

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

/** The production packages that are installed, found by the links in node_modules alone: `name@version`. */
function installedForProduction(): Set<string> {
  const found = new Map<string, string>();
  const visit = (link: string): void => {
    const folder = realpathSync(link);
    if (!folder.includes('/.pnpm/') || found.has(folder)) return;
    const { name, version } = readJson(join(folder, 'package.json'));
    found.set(folder, `${name}@${version}`);
    // pnpm puts what a package needs beside it.
    const shelf = name.startsWith('@') ? dirname(dirname(folder)) : dirname(folder);
    for (const entry of readdirSync(shelf).filter((each) => !each.startsWith('.'))) {
      const names = entry.startsWith('@') ? readdirSync(join(shelf, entry)) : [''];
      for (const each of names) visit(join(shelf, entry, each));
    }
  };
  for (const importer of Object.keys(lockfile.importers)) {
    const { dependencies = {} } = readJson(join(ROOT, importer, 'package.json'));
    for (const name of Object.keys(dependencies)) {
      visit(join(ROOT, importer, 'node_modules', name));
    }
  }
  return new Set(found.values());
}

test('it is valid by the schema of CycloneDX 1.6', () => {
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  for (const format of ['idn-email', 'iri-reference']) ajv.addFormat(format, true);
  for (const name of ['spdx', 'jsf-0.82']) {
    const file = `${name}.SNAPSHOT.schema.json`;
    const { $id, ...schema } = readJson(join(SCHEMAS, file));
    // The name by which the others refer to it.
    ajv.addSchema(schema, new URL(file, $id).href);
  }
  const validate = ajv.compile(readJson(join(SCHEMAS, 'bom-1.6.SNAPSHOT.schema.json')));
  expect(validate(bom) ? [] : validate.errors).toEqual([]);
});

test('every production package is in it, and of the others only what is for other platforms', () => {
  const installed = installedForProduction();
  const listed = new Set(bom.components.map((component) => component['bom-ref']));
  expect(installed.size).toBeGreaterThan(400);
  expect([...installed].filter((id) => !listed.has(id))).toEqual([]);
  const others = [...listed].filter((id) => !installed.has(id));
  expect(others.filter((id) => !/^@(img\/sharp-|emnapi\/runtime)/.test(id))).toEqual([]);
});

test('each has its version, license, package URL, and the hash of the lockfile', () => {
  for (const { group, name, version, purl, licenses, hashes, ...rest } of bom.components) {
    const full = group === undefined ? name : `${group}/${name}`;
    expect(rest['bom-ref']).toBe(`${full}@${version}`);
    expect(purl).toBe(`pkg:npm/${full.replace('@', '%40')}@${version}`);
    expect(licenses).toHaveLength(1);
    const { integrity } = lockfile.packages[`${full}@${version}`]!.resolution;
    const digest = Buffer.from(hashes[0]!.content, 'hex').toString('base64');
    expect([hashes[0]!.alg, `sha512-${digest}`]).toEqual(['SHA-512', integrity]);
  }
});

test('it says what needs what, down from the product', () => {
  const needs = new Map(bom.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const reached = new Set<string>();
  const walk = (ref: string): void => {
    if (reached.has(ref)) return;
    reached.add(ref);
    for (const each of needs.get(ref) ?? []) walk(each);
  };
  walk('deepstyle');
  expect(reached.size).toBe(bom.components.length + 1);
});
