import { scraperV1 } from '@deepstyle/contracts';
import { type GrpcService, pagesById, required, serverStream, unary } from '@deepstyle/service';
import type { Ports } from './ports.ts';
import { runsChangedSince } from './records/under-way.ts';
import type { Scraper } from './scraper.ts';

export function createGrpc({ database, logger }: Ports, scraper: Scraper): readonly GrpcService[] {
  const announceRun = async ({ runId, revision }: scraperV1.AnnounceRunRequest) => ({
    events: await scraper.announceRun(required('run_id', runId), revision),
  });
  return [
    {
      definition: scraperV1.ScraperServiceService,
      implementation: {
        listRuns: serverStream(logger, listRuns),
        announceRun: unary(logger, announceRun),
      },
    },
  ];

  async function* listRuns({
    changedSince = new Date(0),
  }: scraperV1.ListRunsRequest): AsyncIterable<scraperV1.ListRunsResponse> {
    const pages = pagesById((after, limit) =>
      database.transaction('scraper.listRuns', (tx) =>
        runsChangedSince(tx, changedSince, after, limit),
      ),
    );
    for await (const page of pages) {
      for (const { id, stored, state, revision, updatedAt } of page) {
        yield { runId: id, photos: stored, closed: state !== 'RUNNING', revision, updatedAt };
      }
    }
  }
}
