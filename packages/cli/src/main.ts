import { DeepStyleError, describeError, processEnvironment } from '@deepstyle/platform';
import { parseCommandLine, USAGE, UsageError } from './command-line.ts';
import { demoCommand } from './demo-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { runCommand } from './run-command.ts';
import { upCommand } from './up-command.ts';

const COMMANDS = {
  demo: demoCommand,
  doctor: doctorCommand,
  run: runCommand,
  up: upCommand,
} as const;

async function main(): Promise<number> {
  const commandLine = parseCommandLine(process.argv.slice(2));
  if (commandLine.command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  return COMMANDS[commandLine.command](commandLine.options, processEnvironment());
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${USAGE}`);
  // People get the sentence; the chain of causes only where it is our own bug.
  else if (error instanceof DeepStyleError && error.code !== 'INTERNAL')
    process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
