// Writes the software bill of materials, CycloneDX 1.6 in JSON, from the lockfile and the packages in node_modules.
//
//   node scripts/sbom.mjs [FILE]     dist/sbom.cdx.json where no file is named
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DIST } from './build/places.mjs';
import { readPackages } from './supply-chain/packages.mjs';
import { sbomText } from './supply-chain/sbom.mjs';

const file = resolve(process.argv[2] ?? join(DIST, 'sbom.cdx.json'));
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, sbomText(readPackages()));
console.log(file);
