import {
  type GraphContext,
  type GraphResolvers,
  globalId,
  imageField,
  localId,
  mutate,
  type PageArguments,
  parsePage,
  stage,
  toConnection,
} from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import DataLoader from 'dataloader';
import {
  findPhotos,
  findRuns,
  listMembers,
  listRejections,
  listRuns,
  type Photo,
  type Run,
} from './records.ts';
import { type StartRunPorts, type StartRunRequest, startRun } from './scraper.ts';

export interface ScraperLoaders {
  readonly runs: DataLoader<string, Run | null>;
  readonly photos: DataLoader<string, Photo | null>;
}

type Context = GraphContext<ScraperLoaders>;
type Reference = { readonly id: string };

const MAX_REJECTIONS = 100;
const MAX_BATCH = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function scraperLoaders(database: Database): ScraperLoaders {
  return {
    runs: loader((ids) =>
      database.transaction('scraper.findRuns', (tx) =>
        findRuns(
          tx,
          ids.filter((id) => UUID.test(id)),
        ),
      ),
    ),
    photos: loader((ids) =>
      database.transaction('scraper.findPhotos', (tx) => findPhotos(tx, ids)),
    ),
  };
}

function loader<Row extends Reference>(find: (ids: readonly string[]) => Promise<Row[]>) {
  return new DataLoader<string, Row | null>(
    async (ids) => {
      const rows = new Map((await find(ids)).map((row) => [row.id, row]));
      return ids.map((id) => rows.get(id) ?? null);
    },
    { maxBatchSize: MAX_BATCH },
  );
}

export function scraperResolvers(ports: StartRunPorts): GraphResolvers {
  const { database, clock } = ports;
  return {
    Query: {
      run: (_: unknown, { id }: Reference, { loaders }: Context) =>
        loaders.runs.load(localId('Run', id)),
      runs: async (_: unknown, args: PageArguments) => {
        const page = parsePage(args);
        const rows = await database.transaction('scraper.listRuns', (tx) =>
          listRuns(tx, page.limit, runCursor(page.after)),
        );
        const keyOf = (run: Run) => [run.createdAt.toISOString(), run.id];
        return toConnection(page, rows, keyOf, (run) => run);
      },
      photo: (_: unknown, { id }: Reference, { loaders }: Context) =>
        loaders.photos.load(localId('Photo', id)),
    },
    Mutation: {
      startRun: (_: unknown, { input }: { input: StartRunRequest }, context: Context) =>
        mutate(context, async () => ({ run: await startRun(ports, input) })),
    },
    Run: {
      __resolveReference: ({ id }: Reference, { loaders }: Context) =>
        loaders.runs.load(localId('Run', id)),
      id: ({ id }: Run) => globalId('Run', id),
      createdAt: ({ createdAt }: Run) => createdAt.toISOString(),
      scraping: (run: Run) => scrapingStage(run, clock()),
      photoCounts: ({ stored, duplicates, rejected }: Run) => ({ stored, duplicates, rejected }),
      photos: async ({ id }: Run, args: PageArguments) => {
        const page = parsePage(args);
        const rows = await database.transaction('scraper.listMembers', (tx) =>
          listMembers(tx, id, page.limit, page.after?.[0] ?? null),
        );
        return toConnection(
          page,
          rows,
          (photo) => [photo.id],
          (photo) => photo,
        );
      },
      rejections: async ({ id }: Run) => {
        const rows = await database.transaction('scraper.listRejections', (tx) =>
          listRejections(tx, id, MAX_REJECTIONS),
        );
        return rows.map(({ name, code, reason }) => ({ source: name, code, reason }));
      },
    },
    Photo: {
      __resolveReference: ({ id }: Reference, { loaders }: Context) =>
        loaders.photos.load(localId('Photo', id)),
      id: ({ id }: Photo) => globalId('Photo', id),
      image: (photo: Photo) =>
        imageField({ key: photo.objectKey }, photo.widthPx, photo.heightPx, {
          dominantColor: photo.dominantColor,
        }),
      attribution: ({ source, title, author, license }: Photo) => ({
        source,
        title,
        author,
        license,
      }),
      createdAt: ({ createdAt }: Photo) => createdAt.toISOString(),
    },
  };
}

/** A cursor that was not made here reads as none, never as a failure of the database. */
function runCursor(after: readonly string[] | null): readonly string[] | null {
  const [at = '', id = ''] = after ?? [];
  return Number.isNaN(Date.parse(at)) || !UUID.test(id) ? null : [at, id];
}

function scrapingStage(run: Run, now: Date) {
  // The job's first act moves it; until then it may well wait behind another run.
  const isQueued = run.state === 'RUNNING' && run.updatedAt.getTime() === run.createdAt.getTime();
  return stage(
    {
      state: isQueued ? 'WAITING' : run.state,
      done: run.stored + run.duplicates,
      failed: run.rejected,
      expected: run.expected,
      detail: run.detail,
      updatedAt: run.updatedAt,
    },
    now,
  );
}
