import type { EventData, EventType } from '@deepstyle/contracts';
import { type GraphAnswer, type RunServiceOptions, runService } from '@deepstyle/testkit/services';
import { scraper } from '../src/index.ts';

export type RunningScraper = Awaited<ReturnType<typeof runScraper>>;

interface StartedRun {
  readonly run: { readonly id: string } | null;
  readonly userErrors: readonly {
    readonly code: string;
    readonly field: string | null;
    readonly message: string;
  }[];
}

interface FinishedRun {
  readonly id: string;
  readonly scraping: {
    readonly state: string;
    readonly done: number;
    readonly failed: number;
    readonly expected: number | null;
    readonly detail: string | null;
  };
  readonly photoCounts: {
    readonly stored: number;
    readonly duplicates: number;
    readonly rejected: number;
  };
  readonly rejections: readonly {
    readonly source: string;
    readonly code: string;
    readonly reason: string;
  }[];
}

const START = `mutation ($input: StartRunInput!) {
  startRun(input: $input) { run { id } userErrors { code field message } }
}`;
const RUN = `query ($id: ID!) { run(id: $id) {
  id scraping { state done failed expected detail } photoCounts { stored duplicates rejected }
  rejections { source code reason } } }`;
const STORED = 'deepstyle.photo.stored.v1';
const COMPLETED = 'deepstyle.scrape.completed.v1';

/** The service, quick to try again and to stop. */
export async function runScraper(options: RunServiceOptions) {
  const settings = {
    SCRAPER_RETRY_BASE_MS: '1',
    SHUTDOWN_GRACE_MS: '1000',
    ...options.settings,
  };
  const service = await runService(scraper, { ...options, settings });
  const { graph, objects, close } = service;
  const eventsOf = (type: EventType, runId: string) =>
    service.events.filter(
      (event) => event.type === type && 'run' in event.data && event.data.run.id === runId.slice(4),
    );
  const eventIds = (type: EventType, runId: string) => eventsOf(type, runId).map(({ id }) => id);

  /** Answers a query; throws where it has errors. */
  const query = async (source: string, variables: object = {}): Promise<GraphAnswer['data']> => {
    const { data, errors } = await graph(source, variables);
    if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('; '));
    return data;
  };

  return {
    graph,
    query,
    startRun: async (input: object): Promise<StartedRun> => {
      const defaults = { season: 'FW2019', detector: 'none', idempotencyKey: crypto.randomUUID() };
      return (await query(START, { input: { ...defaults, ...input } })).startRun;
    },
    /** What a mutation of a run answers, or the code of its error. */
    changeRun: async (name: string, run: string, token?: null) => {
      const mutation = `mutation ($input: ChangeRunInput!) { ${name}(input: $input) {
        run { canceledAt scraping { state } } userErrors { code } } }`;
      const { data, errors } = await graph(mutation, { input: { run } }, token);
      return errors?.[0]?.extensions.code ?? data[name];
    },
    /** The run once it is closed and all that it tells has come. */
    finished: async (id: string): Promise<FinishedRun> => {
      await service.event(() => eventIds(COMPLETED, id).length > 0);
      const run: FinishedRun = (await query(RUN, { id })).run;
      await service.event(() => new Set(eventIds(STORED, id)).size >= run.photoCounts.stored);
      return run;
    },
    /** Data of the events of a run so far, of one type. */
    events: <T extends EventType>(type: T, runId: string) =>
      eventsOf(type, runId).map(({ data }) => data as EventData<T>),
    /** Their ids; one that came twice stands there twice. */
    eventIds,
    objects,
    bus: service.bus,
    calls: service.calls,
    reconcile: service.reconcile,
    sweep: service.sweep,
    event: service.event,
    close,
  };
}
