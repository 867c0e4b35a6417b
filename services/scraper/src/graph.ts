import {
  type Connection,
  type GraphContext,
  localId,
  mutate,
  oneByKey,
  type PageArguments,
  parsePage,
  stage,
  toConnection,
} from '@deepstyle/service';
import type { ChangeRunInput, SubgraphResolvers } from './gen/graph.ts';
import { type PhotoNode, photoNode, type RunNode, runNode } from './graph-nodes.ts';
import type { Ports } from './ports.ts';
import {
  findPhotos,
  findRuns,
  isRunId,
  listMembers,
  listRejections,
  listRuns,
  type Run,
  type RunPosition,
} from './records.ts';
import type { Scraper } from './scraper.ts';
import { stageOf } from './stage.ts';

const MAX_REJECTIONS = 100;

export function createLoaders({ database }: Ports) {
  return {
    run: oneByKey(database, 'scraper.graph.runs', findRuns, ({ id }) => id),
    photo: oneByKey(database, 'scraper.graph.photos', findPhotos, ({ id }) => id),
  };
}

type Loaders = ReturnType<typeof createLoaders>;

export function createResolvers(
  { database, clock }: Ports,
  scraper: Scraper,
): SubgraphResolvers<Loaders> {
  return {
    Query: {
      run: (_, { id }, { loaders }) => run(id, loaders),
      runs: (_, page) => runs(page),
      photo: (_, { id }, { loaders }) => photo(id, loaders),
    },
    Mutation: {
      startRun: (_, { input }, context) =>
        mutate(context, async () => ({ run: runNode(await scraper.startRun(input)) })),
      cancelRun: (_, { input }, context) => changed(scraper.cancelRun, input, context),
      resumeRun: (_, { input }, context) => changed(scraper.resumeRun, input, context),
      retryRun: (_, { input }, context) => changed(scraper.retryRun, input, context),
    },
    Run: {
      __resolveReference: ({ id }, { loaders }) => run(id, loaders),
      scraping: async ({ id }, _, { loaders }) =>
        stage(stageOf(await loaders.run.load(localId('Run', id))), clock()),
      photos: ({ id }, page) => photos(localId('Run', id), page),
      rejections: async ({ id }) => {
        const rows = await database.transaction('scraper.graph.rejections', (tx) =>
          listRejections(tx, localId('Run', id), MAX_REJECTIONS),
        );
        return rows.map(({ name, code, reason }) => ({ source: name, code, reason }));
      },
    },
    Photo: {
      __resolveReference: ({ id }, { loaders }) => photo(id, loaders),
    },
  };

  async function runs(argument: PageArguments): Promise<Connection<RunNode>> {
    const page = parsePage(argument);
    const rows = await database.transaction('scraper.graph.runsByAge', (tx) =>
      listRuns(tx, page.limit, positionOf(page.after)),
    );
    return toConnection(page, rows, ({ id, createdAt }) => [createdAt.toISOString(), id], runNode);
  }

  async function photos(runId: string, argument: PageArguments): Promise<Connection<PhotoNode>> {
    const page = parsePage(argument);
    const rows = await database.transaction('scraper.graph.photosOfRun', (tx) =>
      listMembers(tx, runId, page.limit, page.after?.[0] ?? ''),
    );
    return toConnection(page, rows, ({ id }) => [id], photoNode);
  }
}

function changed(
  change: (runId: string) => Promise<Run>,
  { run: id }: ChangeRunInput,
  context: GraphContext<Loaders>,
) {
  return mutate(context, async () => ({ run: runNode(await change(localId('Run', id))) }));
}

async function run(id: string, loaders: Loaders): Promise<RunNode | null> {
  const found = await loaders.run.load(localId('Run', id));
  return found === null ? null : runNode(found);
}

async function photo(id: string, loaders: Loaders): Promise<PhotoNode | null> {
  const found = await loaders.photo.load(localId('Photo', id));
  return found === null ? null : photoNode(found);
}

/** A cursor that was not made here counts as none; the database would refuse it. */
function positionOf(after: readonly string[] | null): RunPosition | null {
  const [at = '', id = ''] = after ?? [];
  const createdAt = new Date(at);
  return Number.isNaN(createdAt.getTime()) || !isRunId(id) ? null : { createdAt, id };
}
