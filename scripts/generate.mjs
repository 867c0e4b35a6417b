// Writes everything that is generated and committed: code from proto/, the event schemas, the types of each
// service's tables and resolvers, the supergraph, the documents that clients send it, the list of services that an
// instance runs, and NOTICE. Needs no network.
//
//   node scripts/generate.mjs           brings it up to date
//   node scripts/generate.mjs --check   the same, and fails where something was out of date
import { generateDocuments } from './generate/documents.mjs';
import { changedFiles, readGenerated } from './generate/generated-files.mjs';
import {
  generateEvents,
  generateProtos,
  generateServiceList,
  generateSupergraph,
  generateTables,
} from './generate/generators.mjs';
import { generateResolverTypes } from './generate/resolver-types.mjs';
import { generateNotice } from './supply-chain/notice.mjs';

async function main(args) {
  const before = readGenerated();
  await Promise.all([
    generateProtos(),
    generateEvents(),
    generateTables(),
    generateResolverTypes(),
    generateServiceList(),
  ]);
  // The gateway may import what is generated above.
  await generateSupergraph();
  await generateDocuments();
  generateNotice();
  const changed = changedFiles(before, readGenerated());
  for (const line of changed) console.log(line);
  if (!args.includes('--check') || changed.length === 0) return;
  console.error('Generated files were out of date; they are up to date now: commit them.');
  process.exitCode = 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
