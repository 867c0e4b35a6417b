import { explainFailure, processEnvironment } from '@deepstyle/platform';
import { type Command, type Options, parseCommandLine, USAGE, UsageError } from './command-line.ts';

type RunCommand = (
  options: Options,
  environment: ReturnType<typeof processEnvironment>,
) => Promise<number>;

// Loaded one at a time: a mistyped option is told at once, and not after six services have been loaded.
const COMMANDS: Readonly<Record<Exclude<Command, 'help'>, () => Promise<RunCommand>>> = {
  demo: async () => (await import('./demo/command.ts')).demoCommand,
  'dataset check': async () => (await import('./dataset-check-command.ts')).datasetCheckCommand,
  'dataset export': async () => (await import('./dataset-export-command.ts')).datasetExportCommand,
  'dataset import-coco': async () =>
    (await import('./dataset-import-command.ts')).importCommand('coco'),
  'dataset import-deepfashion': async () =>
    (await import('./dataset-import-command.ts')).importCommand('deepfashion'),
  'detector evaluate': async () =>
    (await import('./detector-evaluate-command.ts')).detectorEvaluateCommand,
  'detector train': async () => (await import('./detector-train-command.ts')).detectorTrainCommand,
  doctor: async () => (await import('./doctor-command.ts')).doctorCommand,
  run: async () => (await import('./run-command.ts')).runCommand,
  up: async () => (await import('./up-command.ts')).upCommand,
};

async function main(): Promise<number> {
  const commandLine = parseCommandLine(process.argv.slice(2));
  if (commandLine.command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const command = await COMMANDS[commandLine.command]();
  return command(commandLine.options, processEnvironment());
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n"deepstyle help" lists the commands and options.\n`);
    process.exitCode = 2;
  } else {
    process.stderr.write(`${explainFailure(error)}\n`);
    process.exitCode = 1;
  }
}
