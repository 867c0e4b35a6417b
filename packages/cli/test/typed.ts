import { join } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Environment } from '@deepstyle/platform';
import { jest } from '@jest/globals';
import { Call } from '../src/call.ts';
import { createProgram, runCommandLine } from '../src/program.ts';
import { commandsBelow, wordsOf } from '../src/usage-error.ts';

/** Runs a command as typed in a folder; gives its exit code and what it prints. */
export async function runTyped(
  folder: string,
  args: readonly string[],
  variables: Environment = {},
): Promise<{ code: number; printed: string }> {
  const printed: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  try {
    const environment = { INIT_CWD: folder, DEEPSTYLE_DATA: join(folder, 'data'), ...variables };
    const code = await runCommandLine(args, environment);
    return { code, printed: printed.join('') };
  } finally {
    write.mockRestore();
  }
}

/** What a command would be given, typed in a folder: nothing runs. */
export async function readTyped(folder: string, args: readonly string[]) {
  const call = new Call({ INIT_CWD: folder });
  const program = createProgram(call);
  const read: { command: string; given: readonly unknown[] }[] = [];
  const isGroup = ({ commands, options }: CommandUnknownOpts) =>
    commands.length > 0 && options.length === 0;
  for (const command of commandsBelow(program).filter((each) => !isGroup(each))) {
    // Its arguments, its options, and the command itself.
    command.action((...given) => {
      read.push({ command: wordsOf(command), given: given.slice(0, -1) });
    });
  }
  await program.parseAsync(args, { from: 'user' });
  return { ...read[0], data: call.shared.data, isJson: call.isJson };
}
