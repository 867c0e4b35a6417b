import { Command } from '@commander-js/extra-typings';
import { deadLetterId } from '../../arguments/values.ts';
import type { Call } from '../../call.ts';
import { UsageError } from '../../usage-error.ts';

const LOOKED = 'Interrupted; nothing was changed.';
const FAREWELL = 'Stopping; the dead letters that were not reached stay.';

/** `deepstyle events dead-letters`: messages that a service gave up. */
export function deadLettersCommand(call: Call) {
  return new Command('dead-letters')
    .summary('see, retry and drop messages that were given up')
    .description(
      'Messages that a service gave up, because they failed as often as allowed or cannot be handled. Their runs may wait for them.',
    )
    .addCommand(listCommand(call))
    .addCommand(showCommand(call))
    .addCommand(settlingCommand(call, 'retry'))
    .addCommand(settlingCommand(call, 'drop'));
}

function listCommand(call: Call) {
  return new Command('list')
    .summary('list them, with their causes')
    .description('Lists the dead letters, oldest first, with their causes and what to do next.')
    .action(async () => {
      call.needDataFolder();
      const { withInstance } = await import('../../instance/with-instance.ts');
      const { readDeadLetters } = await import('../../dead-letters.ts');
      const { deadLetterTable } = await import('../../output/dead-letter-report.ts');
      const letters = await withInstance(call, () => LOOKED, readDeadLetters);
      call.print({ deadLetters: letters }, deadLetterTable(letters, Date.now(), call.shared.data));
    });
}

function showCommand(call: Call) {
  return new Command('show')
    .summary('tell all of one')
    .description('Tells all of a dead letter, with what the message says.')
    .argument('<id>', 'its id, as `list` prints it', deadLetterId)
    .action(async (id) => {
      call.needDataFolder();
      const { withInstance } = await import('../../instance/with-instance.ts');
      const { readDeadLetter } = await import('../../dead-letters.ts');
      const { deadLetterDetails } = await import('../../output/dead-letter-report.ts');
      const letter = await withInstance(
        call,
        () => FAREWELL,
        (graph) => readDeadLetter(graph, id),
      );
      call.print(letter, deadLetterDetails(letter));
    });
}

const SETTLING = {
  retry: {
    summary: 'send them again',
    description:
      'Sends messages again that were given up, and takes them off the list. What was handled before is not done twice.',
  },
  drop: {
    summary: 'give them up for good',
    description:
      'Takes dead letters off the list for good. Their work is not done: a run that waits for it does not end.',
  },
} as const;

/** `retry` and `drop`. Exit code 1 where one of them could not be. */
function settlingCommand(call: Call, how: keyof typeof SETTLING) {
  const { summary, description } = SETTLING[how];
  return new Command(how)
    .summary(summary)
    .description(description)
    .argument(
      '[id...]',
      'their ids, as `list` prints them',
      (typed: string, before: readonly string[]) => [...before, deadLetterId(typed)],
      [] as readonly string[],
    )
    .option('--all', 'all that are listed now')
    .action(async (ids, { all = false }) => {
      if (all === ids.length > 0) {
        throw new UsageError(`events dead-letters ${how} needs either IDs or --all.`);
      }
      call.needDataFolder();
      const { withInstance } = await import('../../instance/with-instance.ts');
      const { settleDeadLetters } = await import('../../dead-letters.ts');
      const { settledReport } = await import('../../output/dead-letter-report.ts');
      const settled = await withInstance(
        call,
        () => FAREWELL,
        (graph) => settleDeadLetters(graph, how, all ? null : ids),
      );
      call.print(settled, settledReport(how, settled));
      if (settled.failed.length > 0) call.exitCode = 1;
    });
}
