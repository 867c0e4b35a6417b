import { Command } from '@commander-js/extra-typings';
import { runId } from '../arguments/values.ts';
import type { Call } from '../call.ts';
import type { RunChange } from '../follow/follow-run.ts';
import { changeFarewell, type Farewell } from '../output/farewell.ts';
import { ourCommand } from '../output/our-command.ts';

const RUN = ['<run>', 'its id, as `run` and `run list` print it', runId] as const;

/** `deepstyle run publish`: lets a run that is held be published. */
export function runPublishCommand(call: Call) {
  return new Command('publish')
    .summary('publish a run that is held')
    .description('Publishes a run that is held because too much of it was lost.')
    .argument(...RUN)
    .requiredOption(
      '--incomplete',
      'publish it as it is, without what was lost; its collection and trend batches say so',
    )
    .action((run) => changeRun(call, 'publish', run));
}

/** `deepstyle run cancel`: stops a run. Exit code 1 where it has ended. */
export function runCancelCommand(call: Call) {
  return new Command('cancel')
    .summary('stop a run')
    .description('Stops a run: nothing further is done for it, and what is there stays.')
    .argument(...RUN)
    .action(async (run) => {
      call.needDataFolder();
      const { withInstance } = await import('../instance/with-instance.ts');
      const { cancelUnlessEnded } = await import('../follow/follow-run.ts');
      const farewell: Farewell = (held) => changeFarewell('cancel', false, held, call.shared.data);
      const canceled = await withInstance(call, farewell, (graph) => cancelUnlessEnded(graph, run));
      const resume = ourCommand(`run resume ${run}`, call.shared.data);
      const told = canceled
        ? `Canceled. To let it go on: ${resume}\n`
        : `The run ${run} has ended, so there is nothing to cancel.\n`;
      call.print({ run, canceled }, told);
      if (!canceled) call.exitCode = 1;
    });
}

/** `deepstyle run resume`: lets a canceled run go on. */
export function runResumeCommand(call: Call) {
  return new Command('resume')
    .summary('let a canceled run go on')
    .description('Lets a canceled run go on from where it stood.')
    .argument(...RUN)
    .action((run) => changeRun(call, 'resume', run));
}

/** `deepstyle run retry`: tries again what failed in a run. */
export function runRetryCommand(call: Call) {
  return new Command('retry')
    .summary('try again what failed in a run')
    .description(
      'Tries again what failed in a run: sources, photographs, its training, its publishing.',
    )
    .argument(...RUN)
    .action((run) => changeRun(call, 'retry', run));
}

/** Asks for a change and follows the run to its end. Exit code 1 where it published nothing. */
async function changeRun(
  call: Call,
  change: Exclude<RunChange, 'cancel'>,
  run: string,
): Promise<void> {
  call.needDataFolder();
  const { withInstance } = await import('../instance/with-instance.ts');
  const { changeAndFollow } = await import('../follow/follow-run.ts');
  const { printRun } = await import('../output/print-run.ts');
  const { ProgressView } = await import('../output/progress-view.ts');
  const startedMs = Date.now();
  let isMade = false;
  const watching = {
    view: new ProgressView(process.stderr, call.shared.data),
    onBegun: () => {
      isMade = true;
    },
  };
  const farewell: Farewell = (held) => changeFarewell(change, isMade, held, call.shared.data);
  const ended = await withInstance(call, farewell, (graph) =>
    changeAndFollow(graph, change, run, call.dataFolder, watching),
  );
  printRun(call, ended, startedMs);
}
