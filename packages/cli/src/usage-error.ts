import type { CommanderError, CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** What was typed is no command. */
export class UsageError extends Error {}

/** The words that call a command: `dataset check`. Empty for the program itself. */
export function wordsOf(command: CommandUnknownOpts): string {
  return command.parent === null ? '' : `${wordsOf(command.parent)} ${command.name()}`.trim();
}

/** A refusal by the command line's library, in our words. */
export function usageErrorOf(command: CommandUnknownOpts, { code, message }: CommanderError) {
  const words = wordsOf(command);
  const named = /'([^']+)'/.exec(message)?.[1] ?? '';
  const meant = /\(Did you mean (.+)\?\)/.exec(message)?.[1];
  const suggestion = meant === undefined ? '' : ` Did you mean ${meant}?`;
  switch (code) {
    case 'commander.help': {
      const known = command.commands.map((each) => each.name()).join(', ');
      return new UsageError(
        words === ''
          ? `A command is missing: one of ${known}.`
          : `There is no command "${words}": it needs one of ${known}.`,
      );
    }
    case 'commander.unknownCommand':
      return new UsageError(`There is no command "${`${words} ${named}`.trim()}".${suggestion}`);
    case 'commander.unknownOption': {
      const flag = named.replace(/=.*/s, '');
      return noOption(command, flag, suggestion || ownersOf(command, flag));
    }
    case 'commander.excessArguments': {
      if (command.commands.length > 0) return refuseUnknown(command);
      const excess = command.args.slice(command.registeredArguments.length);
      return new UsageError(`"${excess.join(' ')}" was not expected.`);
    }
    case 'commander.missingArgument':
      return new UsageError(`${words} needs ${named.toUpperCase()}.`);
    case 'commander.optionMissingArgument':
      return new UsageError(`A value is missing: ${inCapitals(named)}.`);
    default:
      return new UsageError(message);
  }
}

/** One that says something by being there is told with what it says. */
export function missingOption(
  command: CommandUnknownOpts,
  { flags, description, required }: Option,
): UsageError {
  const why = required ? '' : `: ${description}`;
  return new UsageError(`${wordsOf(command)} needs ${inCapitals(flags)}${why}.`);
}

/** An option of the group that was typed before one of its commands. */
export function strangeOption(command: CommandUnknownOpts, { long, flags }: Option): UsageError {
  const flag = long ?? flags;
  return noOption(command, flag, ownersOf(command, flag));
}

function noOption(command: CommandUnknownOpts, flag: string, more: string): UsageError {
  return new UsageError(`${wordsOf(command) || 'deepstyle'} has no option ${flag}.${more}`);
}

/** The library looks for a similar word. @throws UsageError */
export function refuseUnknown(group: CommandUnknownOpts): never {
  throw (group as CommandUnknownOpts & { unknownCommand(): Error }).unknownCommand();
}

/** `--photos <source>` -> `--photos SOURCE` */
function inCapitals(flags: string): string {
  return flags.replace(/<(.+)>/, (_, name: string) => name.toUpperCase());
}

/** Which commands have an option that another one has not. */
function ownersOf(command: CommandUnknownOpts, flag: string): string {
  const owners = commandsBelow(programOf(command)).filter(({ options }) =>
    options.some(({ long }) => long === flag),
  );
  return owners.length === 0 ? '' : ` It is an option of ${owners.map(wordsOf).join(', ')}.`;
}

export function programOf(command: CommandUnknownOpts): CommandUnknownOpts {
  return command.parent === null ? command : programOf(command.parent);
}

/** All commands of a group, those of its groups too. */
export function commandsBelow(group: CommandUnknownOpts): readonly CommandUnknownOpts[] {
  return group.commands.flatMap((command) => [command, ...commandsBelow(command)]);
}
