import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { UsageError } from '../usage-error.ts';

/** `deepstyle help`, and `help dataset check` for `dataset check --help`. */
export function helpCommand() {
  return new Command('help')
    .summary('print this help, or that of a command')
    .description('Prints the help of deepstyle or of one of its commands.')
    .argument('[command...]', 'its words')
    .action((words, _options, { parent }) => {
      if (parent !== null) commandOf(parent, words).outputHelp();
    });
}

function commandOf(program: CommandUnknownOpts, words: readonly string[]): CommandUnknownOpts {
  let found: CommandUnknownOpts | undefined = program;
  for (const word of words) found = found?.commands.find((command) => command.name() === word);
  if (found === undefined) throw new UsageError(`There is no command "${words.join(' ')}".`);
  return found;
}
