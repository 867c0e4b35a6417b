import { Command } from '@commander-js/extra-typings';
import { runId } from '../arguments/values.ts';
import type { Call } from '../call.ts';
import { resultOf, troublesOf } from '../output/run-result.ts';
import { runSummary } from '../output/run-summary.ts';
import { say } from '../output/say.ts';

/** `deepstyle run publish`: lets a run that is held be published. Exit code 1 where it published nothing. */
export function runPublishCommand(call: Call) {
  return new Command('publish')
    .summary('publish a run that is held')
    .description('Publishes a run that is held because too much of it was lost.')
    .argument('<run>', 'its id, as `run` printed it', runId)
    .requiredOption('--incomplete', 'as it is; its collection and trend batches say so')
    .action(async (run) => {
      const { withInstance } = await import('../instance/with-instance.ts');
      const { publishAndFollow } = await import('../follow/follow-run.ts');
      const startedMs = Date.now();
      const farewell = 'Stopping; the run goes on with the next start.';
      const ended = await withInstance(call, farewell, (graph) =>
        publishAndFollow(graph, run, call.dataFolder),
      );
      const seconds = Math.round((Date.now() - startedMs) / 100) / 10;
      const result = { ...resultOf(ended), seconds };
      say(troublesOf(ended).join(''));
      call.print(result, runSummary(result, call.shared.data));
      if (result.trendBatches === 0) call.exitCode = 1;
    });
}
