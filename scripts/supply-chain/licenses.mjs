// Which licenses dependencies may have.
import { readPackages } from './packages.mjs';

/** Whoever keeps the notices may use, change, sell and host what is under these. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Unlicense',
]);

/** License -> the packages for which alone it is accepted. README and NOTICE say what follows for users. */
const ACCEPTED_FOR = new Map([
  // Nobody may offer the gateway's library itself as a hosted service.
  [
    'Elastic-2.0',
    /^@apollo\/(composition|federation-internals|gateway|query-graphs|query-planner)$/,
  ],
  // libvips is a shared library of its own, which can be exchanged.
  ['LGPL-3.0-or-later', /^@img\/sharp-(libvips-.+|win32-.+|wasm32)$/],
  // A table of browsers' versions, named in NOTICE.
  ['CC-BY-4.0', /^caniuse-lite$/],
]);

/** Packages whose manifest does not name their license in SPDX's terms; their license file does. */
const BY_LICENSE_FILE = new Map([
  ['map-stream@0.1.0', 'MIT'],
  ['pause-stream@0.0.11', 'MIT OR Apache-2.0'],
]);

/** Packages of which a machine has only those of its platform, so that the manifests of the others cannot be read. */
const NATIVE = [
  [/^@img\/sharp-libvips-/, 'LGPL-3.0-or-later'],
  [/^@img\/sharp-win32-/, 'Apache-2.0 AND LGPL-3.0-or-later'],
  [/^@img\/sharp-wasm32$/, 'Apache-2.0 AND LGPL-3.0-or-later AND MIT'],
  [/^@img\/sharp-/, 'Apache-2.0'],
  [/^@emnapi\/runtime$/, 'MIT'],
];

const declared = ({ license }) =>
  typeof license === 'string' && license !== '' ? license.replace(/^\((.*)\)$/, '$1') : undefined;

/** The package's license, an SPDX expression; undefined where it says none. */
export function licenseOf({ id, name, native, shipped, manifest }) {
  if (native && shipped) return NATIVE.find(([names]) => names.test(name))?.[1];
  return BY_LICENSE_FILE.get(id) ?? declared(manifest ?? {});
}

const isLicense = (word) => word !== 'AND' && word !== 'OR';

/** The ids of the licenses in an SPDX expression. */
export const licenseIds = (expression) => expression.match(/[^\s()]+/g).filter(isLicense);

function fault(dependency) {
  const { id, name, native, shipped, manifest } = dependency;
  // One of the tools' packages for another platform.
  if (native && !shipped && manifest === undefined) return undefined;
  const license = licenseOf(dependency);
  if (license === undefined) return `${id} names no license`;
  if (native && shipped && manifest !== undefined && declared(manifest) !== license) {
    return `${id} is under ${declared(manifest)}, and the list of native packages says ${license}`;
  }
  const isAccepted = (each) => ALLOWED.has(each) || ACCEPTED_FOR.get(each)?.test(name);
  return licenseIds(license).every(isAccepted) ? undefined : `${id} is under ${license}`;
}

/** One line for each package whose license is unknown or not on the list. */
export function licenseFaults(packages) {
  return packages.map(fault).filter((line) => line !== undefined);
}

/** A step of `check`: every dependency, also of the tools, has a license that is on the list. */
export function checkLicenses() {
  const { packages } = readPackages();
  const faults = licenseFaults(packages);
  if (faults.length === 0) return { note: `${packages.length} packages` };
  const advice =
    'Take another package, or, where its terms suit everyone who uses, changes, sells or hosts DeepStyle, add it to\n' +
    'scripts/supply-chain/licenses.mjs: its license, or, where the manifest names none, what its license file says.';
  return { failure: `${faults.join('\n')}\n\n${advice}` };
}
