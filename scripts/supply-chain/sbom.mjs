// The software bill of materials: every third-party package that ships, as CycloneDX 1.6.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { ROOT } from '../build/places.mjs';
import { licenseOf } from './licenses.mjs';
import { purlOf } from './packages.mjs';

const licensesOf = (expression) =>
  new Models.LicenseRepository([
    expression.includes(' ')
      ? new Models.LicenseExpression(expression)
      : new Models.SpdxLicense(expression),
  ]);

/** From the lockfile's `sha512-` and base64. */
function hashesOf({ integrity }) {
  if (integrity === undefined) return new Models.HashDictionary();
  const [algorithm, digest] = integrity.split('-');
  const name = algorithm.replace('sha', 'SHA-');
  return new Models.HashDictionary([[name, Buffer.from(digest, 'base64').toString('hex')]]);
}

function componentOf(each) {
  const [scope, name] = each.name.startsWith('@') ? each.name.split('/') : [undefined, each.name];
  return new Models.Component(Enums.ComponentType.Library, name, {
    ...(scope === undefined ? {} : { group: scope }),
    version: each.version,
    bomRef: each.id,
    purl: purlOf(each),
    hashes: hashesOf(each),
    licenses: licensesOf(licenseOf(each)),
    // A machine has one of those that are for some platforms only.
    scope: each.native ? Enums.ComponentScope.Optional : Enums.ComponentScope.Required,
  });
}

function houseComponent() {
  const manifest = join(ROOT, 'packages/cli/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  return new Models.Component(Enums.ComponentType.Application, 'deepstyle', {
    version,
    bomRef: 'deepstyle',
    licenses: licensesOf('Apache-2.0'),
  });
}

/** The same text for the same lockfile: without a time and a serial number. */
export function sbomText({ packages, direct }) {
  const house = houseComponent();
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: house }) });
  const shipped = packages.filter((each) => each.shipped);
  const components = new Map(shipped.map((each) => [each.id, componentOf(each)]));
  for (const component of components.values()) bom.components.add(component);
  const depend = (dependent, ids) => {
    for (const id of ids) dependent.dependencies.add(components.get(id).bomRef);
  };
  depend(house, direct);
  for (const { id, needs } of shipped) {
    depend(
      components.get(id),
      needs.filter((need) => components.has(need)),
    );
  }
  const normalize = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  const serializer = new Serialize.JsonSerializer(normalize);
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}
