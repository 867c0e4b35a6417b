import type { System } from './systems.ts';

/** What a run came to, in terms that do not depend on where it ran. */
export interface Outcome {
  readonly photos: readonly string[];
  readonly garments: readonly string[];
  readonly counts: {
    readonly stored: number;
    readonly duplicates: number;
    readonly rejected: number;
  };
  readonly trend: {
    readonly photoCount: number;
    readonly garmentCount: number;
    readonly previousSeason: string | null;
    readonly momentumReason: string | null;
    readonly categories: readonly unknown[];
    readonly palette: readonly unknown[];
  };
  readonly designs: number;
}

/** Sends one request to the graph; errors fail the test. */
export async function ask<T>(
  system: Pick<System, 'url' | 'token'>,
  query: string,
  variables: object = {},
  limitMs = 60_000,
): Promise<T> {
  const response = await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${system.token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(limitMs),
  });
  const answer = (await response.json()) as { data?: T; errors?: unknown };
  if (answer.errors !== undefined || answer.data === undefined)
    throw new Error(JSON.stringify(answer));
  return answer.data;
}

export interface RunRequest {
  readonly folder: string;
  readonly season: string;
  readonly idempotencyKey: string;
  readonly steps: number;
  /** By default each photograph shows one garment; null: the detector that was trained last. */
  readonly detector?: 'none' | null;
}

/** Starts a run, or joins it where the key is known. */
export async function startRun(
  system: Pick<System, 'url' | 'token'>,
  request: RunRequest,
  limitMs?: number,
): Promise<string> {
  const { startRun: started } = await ask<{
    startRun: { run: { id: string } | null; userErrors: unknown[] };
  }>(
    system,
    'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } userErrors { code message } } }',
    {
      input: {
        idempotencyKey: request.idempotencyKey,
        season: request.season,
        sources: [{ folder: request.folder }],
        detector: request.detector === undefined ? 'none' : request.detector,
        gan: { steps: request.steps },
      },
    },
    limitMs,
  );
  if (started.run === null) throw new Error(JSON.stringify(started.userErrors));
  return started.run.id;
}

/** True once the run is published. */
export async function isPublished(system: System, run: string): Promise<boolean> {
  const answer = await ask<{
    run: { publishing: { state: string; detail: string | null } | null };
  }>(system, 'query ($id: ID!) { run(id: $id) { publishing { state detail } } }', { id: run });
  const { publishing } = answer.run;
  if (publishing?.state === 'FAILED') throw new Error(`publishing failed: ${publishing.detail}`);
  return publishing?.state === 'DONE';
}

const RUN_LIMIT_MS = 240_000;

export async function finishRun(system: System, run: string): Promise<Outcome> {
  const deadline = Date.now() + RUN_LIMIT_MS;
  while (!(await isPublished(system, run))) {
    if (Date.now() > deadline) {
      const stages = await ask(system, `query ($id: ID!) { run(id: $id) { ${STAGES} } }`, {
        id: run,
      });
      const output = system.processes.map((running) => running.output()).join('\n');
      throw new Error(`the run did not end: ${JSON.stringify(stages)}\n${output}`);
    }
    await new Promise((wake) => setTimeout(wake, 200));
  }
  return outcomeOf(system, run);
}

const STAGES = ['scraping', 'cropping', 'training', 'publishing']
  .map((name) => `${name} { state done failed expected detail }`)
  .join(' ');

const SHARE =
  'name type hex count share interval { low high } momentum { change adjustedP direction }';

async function outcomeOf(system: System, run: string): Promise<Outcome> {
  const { run: found } = await ask<{
    run: {
      photoCounts: Outcome['counts'];
      collection: { designCount: number } | null;
      trendBatches: (Outcome['trend'] & { brand: string | null })[];
    };
  }>(
    system,
    `query ($id: ID!) { run(id: $id) {
      photoCounts { stored duplicates rejected }
      collection { designCount }
      trendBatches {
        brand photoCount garmentCount previousSeason momentumReason categories { ${SHARE} } palette { ${SHARE} }
      }
    } }`,
    { id: run },
  );
  const season = found.trendBatches.find(({ brand }) => brand === null);
  if (season === undefined) throw new Error('the run has no trend batch of its season');
  const { brand: _all, ...trend } = season;
  return {
    photos: await idsOf(system, run, 'photos'),
    garments: await idsOf(system, run, 'garments'),
    counts: found.photoCounts,
    trend,
    designs: found.collection?.designCount ?? 0,
  };
}

export async function idsOf(
  system: Pick<System, 'url' | 'token'>,
  run: string,
  list: 'photos' | 'garments',
): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    type Page = {
      edges: { node: { id: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    const answer: { run: Record<string, Page> } = await ask(
      system,
      `query ($id: ID!, $after: String) {
        run(id: $id) { ${list}(first: 100, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }
      }`,
      { id: run, after },
    );
    const page = answer.run[list];
    if (page === undefined) throw new Error(`the run has no ${list}`);
    ids.push(...page.edges.map(({ node }) => node.id));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return ids.sort();
}
