// What is known against the packages of the lockfile, by the OSV database (https://google.github.io/osv.dev/api/), which
// holds the advisories of GitHub and the reports of malicious packages. `pnpm audit` of pnpm 10 asks an address that the
// registry has retired.
import { purlOf } from './packages.mjs';

const OSV = 'https://api.osv.dev/v1';
const MAX_QUERIES = 1000;
const TIMEOUT_MS = 30_000;

/** The database gave no answer that says anything. */
export class NoAnswerError extends Error {}

/** What OSV answers at `path`; a body makes it a POST. */
export async function askOsv(path, body) {
  const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  try {
    const response = await fetch(OSV + path, {
      ...request,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return await response.json();
    throw new Error(`HTTP ${response.status}`);
  } catch (error) {
    throw new NoAnswerError(`${OSV}${path}: ${error.cause?.message ?? error.message}`);
  }
}

/** Id of an advisory -> the packages it is about. */
async function advisoriesById(packages, ask) {
  const found = new Map();
  const queries = packages.map((each) => ({ each, query: { package: { purl: purlOf(each) } } }));
  while (queries.length > 0) {
    const batch = queries.splice(0, MAX_QUERIES);
    const { results } = await ask('/querybatch', { queries: batch.map(({ query }) => query) });
    if (results?.length !== batch.length) {
      throw new NoAnswerError(
        `OSV answered ${batch.length} queries with ${results?.length} results`,
      );
    }
    for (const [index, { vulns = [], next_page_token: page }] of results.entries()) {
      const { each, query } = batch[index];
      for (const { id } of vulns) found.set(id, [...(found.get(id) ?? []), each]);
      if (page) queries.push({ each, query: { ...query, page_token: page } });
    }
  }
  return found;
}

/**
 * The advisories on `packages` that stand: {id, summary, packages}.
 *
 * @throws NoAnswerError where any part of the answer is missing
 */
export async function findAdvisories(packages, ask) {
  const advisories = [];
  for (const [id, concerned] of await advisoriesById(packages, ask)) {
    const { summary = '', withdrawn } = await ask(`/vulns/${encodeURIComponent(id)}`);
    if (withdrawn === undefined) advisories.push({ id, summary, packages: concerned });
  }
  return advisories;
}

/** Without what would move the cursor or turn the text around. */
const printable = (text) => text.replace(/\p{C}/gu, ' ');
const packageLine = ({ id, shipped }) => `    ${id}${shipped ? '' : ' (a tool: does not ship)'}`;

/** For people: one paragraph per advisory, those on what ships first. */
export function advisoryReport(advisories) {
  const ships = ({ packages }) => packages.some(({ shipped }) => shipped);
  return advisories
    .toSorted((left, right) => ships(right) - ships(left))
    .map(({ id, summary, packages }) =>
      [
        printable(`${id}: ${summary}`),
        printable(`    https://osv.dev/vulnerability/${id}`),
        ...packages.map(packageLine),
      ].join('\n'),
    )
    .join('\n');
}
