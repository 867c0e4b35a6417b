import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Call } from '../src/call.ts';
import { createProgram } from '../src/program.ts';
import { commandsBelow, UsageError, wordsOf } from '../src/usage-error.ts';
import { runTyped } from './typed.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('command-help');
});
afterAll(() => folder.remove());

const program = createProgram(new Call({}));
const commands = commandsBelow(program);

describe('help', () => {
  test('without a command, or with --help, it is help', async () => {
    const help = await runTyped(folder.path, []);
    expect(help).toMatchObject({ code: 0, printed: expect.stringContaining('Commands:') });
    expect(await runTyped(folder.path, ['help'])).toEqual(help);
    expect(await runTyped(folder.path, ['--help'])).toEqual(help);
    for (const { name, summary } of program.commands.map((each) => ({
      name: each.name(),
      summary: each.summary(),
    })))
      expect(help.printed).toMatch(new RegExp(`^  ${name}\\b.*${summary}`, 'm'));
  });

  test.each(commands.map((command) => [wordsOf(command), command] as const))(
    'of %s lists its arguments, options and commands, and those of every command',
    async (words, command) => {
      const { code, printed } = await runTyped(folder.path, [...words.split(' '), '--help']);
      expect(code).toBe(0);
      expect(printed).toContain(`Usage: deepstyle ${words}`);
      for (const { flags } of [...command.options, ...program.options])
        expect(printed).toMatch(new RegExp(`^  ${flags}  `, 'm'));
      for (const argument of command.registeredArguments)
        expect(printed).toMatch(new RegExp(`^  ${argument.name()}  `, 'm'));
      for (const below of command.commands)
        expect(printed).toMatch(new RegExp(`^  ${below.name()} `, 'm'));
      expect(await runTyped(folder.path, ['help', ...words.split(' ')])).toEqual({ code, printed });
    },
  );

  test.each(['cancel', 'resume', 'retry', 'publish', 'list', 'show'])(
    'of run %s lists no options of run',
    async (name) => {
      const { printed } = await runTyped(folder.path, ['run', name, '--help']);
      expect(printed).not.toMatch(/--photos|--season|--steps/);
    },
  );

  test('says what has to be typed, in its place', async () => {
    const usageOf = async (...words: string[]) =>
      /^Usage: (.*?)\n\n/s.exec((await runTyped(folder.path, [...words, '--help'])).printed)?.[1];
    expect(await usageOf('run')).toBe(
      'deepstyle run --photos <source> --season <season> [options]\n       deepstyle run <command> ...',
    );
    expect(await usageOf('run', 'publish')).toBe(
      'deepstyle run publish <run> --incomplete [options]',
    );
  });

  test.each([
    [['runs', '--help'], 'There is no command "runs". Did you mean run?'],
    [['run', 'cancl', '--help'], 'There is no command "run cancl". Did you mean cancel?'],
    [['bogus', '-h'], 'There is no command "bogus".'],
  ])('of what is no command is refused: %j', async (args, message) => {
    const typed = runTyped(folder.path, args);
    await expect(typed).rejects.toThrow(UsageError);
    await expect(typed).rejects.toThrow(message);
  });

  test('of what is no command is refused', async () => {
    await expect(runTyped(folder.path, ['help', 'dataset', 'chek'])).rejects.toThrow(
      'There is no command "dataset chek".',
    );
  });
});
