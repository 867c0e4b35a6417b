import { processEnvironment } from '@deepstyle/platform/environment';
import { explainFailure, isOutOfFiles } from '@deepstyle/platform/errors';
import { exitOnSignals } from './instance/interrupt.ts';
import { say } from './output/say.ts';
import { runCommandLine } from './program.ts';
import { UsageError } from './usage-error.ts';

exitOnSignals();
process.on('uncaughtException', (error) => {
  // Of anything else the stack is wanted.
  say(`${isOutOfFiles(error) ? explainFailure(error) : error.stack}\n`);
  process.exit(1);
});
try {
  process.exitCode = await runCommandLine(process.argv.slice(2), processEnvironment());
} catch (error) {
  if (error instanceof UsageError) {
    say(
      `${error.message}\n"deepstyle help" lists the commands, "deepstyle <command> --help" the options of one.\n`,
    );
    process.exitCode = 2;
  } else {
    say(`${explainFailure(error)}\n`);
    process.exitCode = 1;
  }
}
