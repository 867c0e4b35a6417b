import { Command } from '@commander-js/extra-typings';
import { runId, wholeNumber } from '../arguments/values.ts';
import type { Call } from '../call.ts';

const LAST = 20;
/** The most that a page of the graph holds. */
const MAX_LAST = 100;
const farewell = () => 'Interrupted; nothing was changed.';

/** `deepstyle run list`: the newest runs. */
export function runListCommand(call: Call) {
  return new Command('list')
    .summary('list the runs, newest first')
    .description('Lists the runs, newest first, and where each stands.')
    .option('--last <n>', `so many (default: ${LAST})`, wholeNumber('--last', 1, MAX_LAST))
    .action(async ({ last = LAST }) => {
      call.needDataFolder();
      const { withInstance } = await import('../instance/with-instance.ts');
      const { RUNS } = await import('../run-queries.ts');
      const { runTable } = await import('../output/run-report.ts');
      const { lettersByRun } = await import('../dead-letters.ts');
      const { runs, letters } = await withInstance(call, farewell, async (graph) => ({
        ...(await graph.request(RUNS, { first: last })),
        letters: await lettersByRun(graph),
      }));
      const found = runs.edges.map(({ node }) => node);
      const { hasNextPage } = runs.pageInfo;
      call.print({ runs: found }, runTable(found, hasNextPage, letters, call.shared.data));
    });
}

/** `deepstyle run show`: all of one run. */
export function runShowCommand(call: Call) {
  return new Command('show')
    .summary('tell how far a run is, and what to do next')
    .description('Tells how far a run is: its stages with counts and details, and what to do next.')
    .argument('<run>', 'its id, as `run` and `run list` print it', runId)
    .action(async (id) => {
      call.needDataFolder();
      const { withInstance } = await import('../instance/with-instance.ts');
      const { lettersByRun } = await import('../dead-letters.ts');
      const { RUN_DETAILS } = await import('../run-queries.ts');
      const { runDetails } = await import('../output/run-report.ts');
      const { NotFoundError } = await import('@deepstyle/platform');
      const shown = await withInstance(call, farewell, async (graph, { isOwn }) => {
        const { run } = await graph.request(RUN_DETAILS, { id });
        if (run === null) throw new NotFoundError('run', id);
        const letters = (await lettersByRun(graph)).get(run.id) ?? 0;
        return { run, isUp: !isOwn, letters };
      });
      call.print(shown.run, runDetails(shown.run, { ...shown, data: call.shared.data }));
    });
}
