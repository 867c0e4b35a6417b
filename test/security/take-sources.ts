import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { textProblem } from '@deepstyle/contracts/request-rules';
import { asked, send } from './gateway-request.ts';
import type { SourceInput } from './input.ts';
import type { Site } from './site.ts';
import type { SecuritySystem } from './system.ts';

/** A source that is to be taken, with its site. */
export interface SourceCase {
  readonly input: SourceInput;
  readonly mark: string;
  readonly site: Site;
}

interface FoundPhoto {
  readonly image: { readonly url: string };
  readonly attribution: Readonly<Record<'source' | 'title' | 'author' | 'license', string | null>>;
}

interface FoundRun {
  readonly id: string;
  readonly photos: readonly FoundPhoto[];
  readonly rejections: readonly { readonly source: string; readonly code: string }[];
}

/** Sources that a run may have. */
export const MAX_SOURCES = 20;
const MAX_RUN_MS = 240_000;
const POLL_MS = 500;
const FOREIGN_LINK = /^\s*(javascript|data|vbscript):/i;
const START = `mutation ($input: StartRunInput!) {
  startRun(input: $input) { run { id } userErrors { code } } }`;
const RUN = 'query ($id: ID!) { run(id: $id) { scraping { state } rejections { source code } } }';
const PHOTOS = `query ($id: ID!, $after: String) { run(id: $id) { photos(first: 100, after: $after) {
  edges { node { image { url(width: 64) } attribution { source title author license } } }
  pageInfo { hasNextPage endCursor } } } }`;

/** Collects from all of them in one run. What is wrong with each; null where nothing is. */
export async function takeSources(
  system: SecuritySystem,
  cases: readonly SourceCase[],
): Promise<(string | null)[]> {
  const found = await collect(
    system,
    cases.map(({ input }) => input.source),
  );
  if (typeof found !== 'string')
    return Promise.all(cases.map((each) => judge(system, each, found)));
  if (cases.length === 1) return cases.map((each) => unexpected(each, 0, [found]));
  // Refused is the whole request: each is asked for by itself.
  const faults: (string | null)[] = [];
  for (const each of cases) faults.push(...(await takeSources(system, [each])));
  return faults;
}

/** What a run found; a code where it was refused or does not end. */
export async function collect(
  system: SecuritySystem,
  sources: readonly SourceInput['source'][],
): Promise<FoundRun | string> {
  const input = { idempotencyKey: randomUUID(), season: 'FW2026', detector: 'none', sources };
  const { startRun } = await asked<{
    startRun: { run: { id: string } | null; userErrors: { code: string }[] };
  }>(system, START, { input });
  if (startRun.run === null) return startRun.userErrors[0]?.code ?? 'refused without a code';
  return finished(system, startRun.run.id);
}

async function finished(system: SecuritySystem, id: string): Promise<FoundRun | string> {
  const started = performance.now();
  for (;;) {
    const { run } = await asked<{
      run: { scraping: { state: string } } & Pick<FoundRun, 'rejections'>;
    }>(system, RUN, { id });
    if (run.scraping.state === 'DONE' || run.scraping.state === 'FAILED') {
      return { id, rejections: run.rejections, photos: await photosOf(system, id) };
    }
    if (performance.now() - started > MAX_RUN_MS) return 'it does not end';
    await sleep(POLL_MS);
  }
}

async function photosOf(system: SecuritySystem, id: string): Promise<FoundPhoto[]> {
  interface Page {
    readonly edges: readonly { readonly node: FoundPhoto }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  }
  const photos: FoundPhoto[] = [];
  let after: string | null = null;
  do {
    const answer: { run: { photos: Page } } = await asked(system, PHOTOS, { id, after });
    const { edges, pageInfo } = answer.run.photos;
    photos.push(...edges.map(({ node }) => node));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return photos;
}

async function judge(
  system: SecuritySystem,
  one: SourceCase,
  { photos, rejections }: FoundRun,
): Promise<string | null> {
  const isOfIt = ({ source }: { readonly source: string | null }) => source?.includes(one.mark);
  const own = photos.filter(({ attribution }) => isOfIt(attribution));
  const codes = rejections.filter(isOfIt).map(({ code }) => code);
  const [first] = own;
  return (
    unexpected(one, own.length, codes) ??
    own.map(textFault).find((fault) => fault !== null) ??
    (first === undefined ? null : await shownFault(system, first))
  );
}

function unexpected(
  { input, site }: SourceCase,
  photos: number,
  codes: readonly string[],
): string | null {
  const is = JSON.stringify({ photos, codes: [...new Set(codes)].sort() });
  const right = input.expected.map((one) =>
    JSON.stringify({ photos: one.photos, codes: [...one.codes].sort() }),
  );
  if (!right.includes(is)) return `${is} and not ${right.join(' or ').slice(0, 300)}`;
  const visits = site.visits();
  if (visits > input.maxVisits) return `${visits} visits, more than ${input.maxVisits}`;
  const { minVisits = 0 } = input;
  return visits < minVisits ? `${visits} visits, fewer than ${minVisits}` : null;
}

/** What is told of a photograph is text, and no link but an http(s) one. */
function textFault({ attribution }: FoundPhoto): string | null {
  for (const [name, said] of Object.entries(attribution)) {
    const problem = textProblem(said ?? '');
    if (problem !== null) return `its ${name} ${problem}`;
    const isCredit = name === 'author' || name === 'license';
    if (isCredit && FOREIGN_LINK.test(said ?? '')) return `its ${name} is ${said}`;
  }
  return null;
}

/** What is stored can be shown. */
async function shownFault({ url }: SecuritySystem, { image }: FoundPhoto): Promise<string | null> {
  const { status } = await send(url, { path: image.url });
  return status === 200 ? null : `it is stored and shown with ${status}`;
}
