import {
  Command,
  CommanderError,
  type CommandUnknownOpts,
  type Option,
} from '@commander-js/extra-typings';
import type { Environment } from '@deepstyle/platform';
import manifest from '../package.json' with { type: 'json' };
import { writable } from './arguments/paths.ts';
import { Call } from './call.ts';
import { backupCommand } from './commands/backup.ts';
import { datasetCheckCommand } from './commands/dataset/check.ts';
import { datasetExportCommand } from './commands/dataset/export.ts';
import { datasetImportCommand } from './commands/dataset/import.ts';
import { demoCommand } from './commands/demo.ts';
import { detectorDetectCommand } from './commands/detector/detect.ts';
import { detectorEvaluateCommand } from './commands/detector/evaluate.ts';
import { detectorTrainCommand } from './commands/detector/train.ts';
import { doctorCommand } from './commands/doctor.ts';
import { deadLettersCommand } from './commands/events/dead-letters.ts';
import { helpCommand } from './commands/help.ts';
import { restoreCommand } from './commands/restore.ts';
import { runCommand } from './commands/run.ts';
import {
  runCancelCommand,
  runPublishCommand,
  runResumeCommand,
  runRetryCommand,
} from './commands/run-changes.ts';
import { runListCommand, runShowCommand } from './commands/run-looks.ts';
import { upCommand } from './commands/up.ts';
import {
  commandsBelow,
  missingOption,
  programOf,
  refuseUnknown,
  strangeOption,
  usageErrorOf,
  wordsOf,
} from './usage-error.ts';

/**
 * Runs what was typed.
 *
 * @returns the exit code
 * @throws UsageError before anything has begun; DeepStyleError for what failed
 */
export async function runCommandLine(
  args: readonly string[],
  environment: Environment,
): Promise<number> {
  const call = new Call(environment);
  const program = createProgram(call);
  try {
    await program.parseAsync(args.length === 0 ? ['help'] : args, { from: 'user' });
    return call.exitCode;
  } catch (error) {
    // How a printed help or version ends.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    throw error;
  }
}

/** All commands. Their files only declare and judge what may be typed; the work is loaded by the one that runs. */
export function createProgram(call: Call): CommandUnknownOpts {
  const program = new Command('deepstyle')
    .description('Runway photographs in, trend batches out.')
    .option(
      '--data <dir>',
      'where everything is kept (default: DEEPSTYLE_DATA or .deepstyle)',
      writable('folder', '--data', call.folder),
    )
    .option('--json', 'end with one object, for machines')
    .version(manifest.version, '--version', 'print the version')
    .addCommand(demoCommand(call))
    .addCommand(upCommand(call))
    .addCommand(
      runCommand(call)
        .addCommand(runListCommand(call))
        .addCommand(runShowCommand(call))
        .addCommand(runPublishCommand(call))
        .addCommand(runCancelCommand(call))
        .addCommand(runResumeCommand(call))
        .addCommand(runRetryCommand(call)),
    )
    .addCommand(
      new Command('dataset')
        .summary('check, import and export annotated photographs')
        .description('Annotated photographs: DeepFashion folders and COCO files.')
        .addCommand(datasetCheckCommand(call))
        .addCommand(datasetImportCommand(call, 'deepfashion'))
        .addCommand(datasetImportCommand(call, 'coco'))
        .addCommand(datasetExportCommand(call)),
    )
    .addCommand(
      new Command('detector')
        .summary('train, evaluate and use detectors')
        .description('Detectors: they find the garments of a photograph.')
        .addCommand(detectorTrainCommand(call))
        .addCommand(detectorEvaluateCommand(call))
        .addCommand(detectorDetectCommand(call)),
    )
    .addCommand(
      new Command('events')
        .summary('messages between the services that were given up')
        .description('Events and jobs between the services.')
        .addCommand(deadLettersCommand(call)),
    )
    .addCommand(backupCommand(call))
    .addCommand(restoreCommand(call))
    .addCommand(doctorCommand(call))
    .addCommand(helpCommand())
    .addHelpText('after', '\n"deepstyle <command> --help" tells the options of a command.')
    .hook('preAction', (root) => {
      call.shared = root.opts();
    });
  for (const command of [program, ...commandsBelow(program)]) configure(command);
  return program;
}

function configure(command: CommandUnknownOpts): void {
  checkNeededLast(command);
  if (command.commands.length > 0) keepApart(command);
  command
    .helpCommand(false)
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: sharedOptions })
    // What goes wrong is thrown; whoever catches it prints it.
    .configureOutput({ writeErr: () => {} })
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : usageErrorOf(command, error);
    });
}

/** Of every command: those of the program, and of no group in between. */
function sharedOptions(command: CommandUnknownOpts): Option[] {
  return command.parent === null ? [] : [...programOf(command).options];
}

/** Of what has commands below it and may be called itself: a command's options are its own, and its words are known. */
function keepApart(group: CommandUnknownOpts): void {
  group.addHelpText('before', () => {
    const [word = '-'] = group.args;
    const isKnown = word.startsWith('-') || group.commands.some((each) => each.name() === word);
    if (!isKnown) refuseUnknown(group);
    return '';
  });
  if (group.parent === null) return;
  group.hook('preAction', (_, called) => {
    if (called === group) return;
    const strange = group.options.find(
      (option) => group.getOptionValueSource(option.attributeName()) === 'cli',
    );
    if (strange !== undefined) throw strangeOption(called, strange);
  });
}

/** The library misses a needed option before it sees a mistyped one, which may be the same: here the typo comes first. */
function checkNeededLast(command: CommandUnknownOpts): void {
  const needed = command.options.filter(({ mandatory }) => mandatory);
  if (needed.length === 0) return;
  for (const option of needed) option.mandatory = false;
  command.usage(usageOf(command, needed)).hook('preAction', (_, called) => {
    // A command below this one has needs of its own.
    if (called !== command) return;
    const missing = needed.find(
      (option) => command.getOptionValue(option.attributeName()) === undefined,
    );
    if (missing !== undefined) throw missingOption(command, missing);
  });
}

/** With what has to be typed in its place, and the commands below in a line of their own. */
function usageOf(command: CommandUnknownOpts, needed: readonly Option[]): string {
  const args = command.usage().replace('[options]', '').replace('[command]', '').trim();
  const typed = [args, ...needed.map(({ flags }) => flags), '[options]'].filter(
    (each) => each !== '',
  );
  const below =
    command.commands.length === 0 ? '' : `\n       deepstyle ${wordsOf(command)} <command> ...`;
  return `${typed.join(' ')}${below}`;
}
