import { setTimeout as sleep } from 'node:timers/promises';
import { decodeEvent, type EventData, type EventType } from '@deepstyle/contracts';
import { createLogger, type Environment } from '@deepstyle/platform';
import { compose, type Service } from '@deepstyle/service';
import { graphql } from 'graphql';
import { scraper } from '../src/index.ts';

export interface RunningScraper {
  /** Answers a query with the API token; throws where it has errors. */
  query(source: string, variables?: object): Promise<Record<string, never>>;
  /** The same without the token: the errors' codes. */
  queryUnauthorised(source: string, variables?: object): Promise<unknown>;
  startRun(input: object): Promise<{
    run: { id: string } | null;
    userErrors: { code: string; field: string | null; message: string }[];
  }>;
  /** The run once its scraping stage is closed. */
  finished(id: string): Promise<FinishedRun>;
  /** Data of the events published so far, of a run. */
  events<T extends EventType>(type: T, runId: string): EventData<T>[];
  /** How often each event id came, of a run. */
  eventIds(runId: string): string[];
  objects: Awaited<ReturnType<typeof compose>>['objects'];
  close(): Promise<void>;
}

export interface FinishedRun {
  readonly id: string;
  readonly scraping: {
    state: string;
    done: number;
    failed: number;
    expected: number | null;
    detail: string | null;
  };
  readonly photoCounts: { stored: number; duplicates: number; rejected: number };
  readonly rejections: { source: string; code: string; reason: string }[];
}

const START = `mutation ($input: StartRunInput!) {
  startRun(input: $input) { run { id } userErrors { code field message } }
}`;
const RUN = `query ($id: ID!) { run(id: $id) {
  id scraping { state done failed expected detail } photoCounts { stored duplicates rejected }
  rejections { source code reason } } }`;

/** The real service over embedded stores in a folder, with a subscriber of its events. */
export async function runScraper(
  dataFolder: string,
  settings: Environment,
): Promise<RunningScraper> {
  const composition = await compose({
    services: [scraper as unknown as Service],
    environment: {
      DEEPSTYLE_DATA: dataFolder,
      SCRAPER_RETRY_BASE_MS: '1',
      SHUTDOWN_GRACE_MS: '1000',
      ...settings,
    },
    logger: createLogger({ level: 'silent', name: 'test' }),
  });
  const [subgraph] = composition.subgraphs;
  if (subgraph === undefined) throw new Error('no subgraph');
  const received: ReturnType<typeof decodeEvent>[] = [];
  const ending = new AbortController();
  // From the first event on: what an earlier process published counts too.
  const reading = read(composition.bus, ending.signal, received);
  const ofRun = (runId: string) =>
    received.filter(({ data }) => 'run' in data && data.run.id === runId.slice(4));

  const execute = (source: string, variables: object, authorised: boolean) =>
    graphql({
      schema: subgraph.schema,
      source,
      variableValues: { ...variables },
      contextValue: subgraph.context(authorised),
    });

  const query: RunningScraper['query'] = async (source, variables = {}) => {
    const { data, errors } = await execute(source, variables, true);
    if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('; '));
    // Plain objects, as the executor's have no prototype.
    return JSON.parse(JSON.stringify(data)) as Record<string, never>;
  };

  return {
    query,
    queryUnauthorised: async (source, variables = {}) =>
      (await execute(source, variables, false)).errors?.map(({ extensions }) => extensions.code),
    startRun: async (input) => {
      const defaults = { season: 'FW2019', detector: 'none', idempotencyKey: crypto.randomUUID() };
      const { startRun } = await query(START, { input: { ...defaults, ...input } });
      return startRun as never;
    },
    finished: async (id) => {
      for (;;) {
        const { run } = (await query(RUN, { id })) as unknown as { run: FinishedRun };
        const announced = ofRun(id).some(({ type }) => type === 'deepstyle.scrape.completed.v1');
        const stored = new Set(
          ofRun(id)
            .filter(({ type }) => type === 'deepstyle.photo.stored.v1')
            .map((event) => event.id),
        );
        const isClosed = !['WAITING', 'RUNNING'].includes(run.scraping.state);
        if (isClosed && announced && stored.size >= run.photoCounts.stored) return run;
        await sleep(20);
      }
    },
    events: (type, runId) =>
      ofRun(runId)
        .filter((event) => event.type === type)
        .map(({ data }) => data as never),
    eventIds: (runId) => ofRun(runId).map(({ id }) => id),
    objects: composition.objects,
    close: async () => {
      ending.abort();
      await reading;
      await composition.close();
    },
  };
}

async function read(
  bus: Awaited<ReturnType<typeof compose>>['bus'],
  signal: AbortSignal,
  received: ReturnType<typeof decodeEvent>[],
): Promise<void> {
  const subjects = ['deepstyle.photo.stored.v1', 'deepstyle.scrape.completed.v1'];
  for await (const message of bus.replay({ subjects, fromSequence: 1, signal })) {
    received.push(decodeEvent(message));
  }
}
