// Asks an advisory database about every package of the lockfile. Needs the network, so that neither `check` nor the tests
// run it.
//
//   node scripts/audit-dependencies.mjs     ends with 0: nothing is known; 1: something is; 3: the database did not answer
import {
  advisoryReport,
  askOsv,
  findAdvisories,
  NoAnswerError,
} from './supply-chain/advisories.mjs';
import { readPackages } from './supply-chain/packages.mjs';

const { packages } = readPackages();
try {
  const advisories = await findAdvisories(packages, askOsv);
  if (advisories.length > 0) console.log(advisoryReport(advisories));
  console.log(`${packages.length} packages, ${advisories.length} advisories`);
  process.exitCode = advisories.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof NoAnswerError)) throw error;
  console.error(`Not checked: the advisory database did not answer.\n${error.message}`);
  process.exitCode = 3;
}
