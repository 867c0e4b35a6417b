import type { Parser } from '../src/parser/parser.ts';
import { perform } from '../src/parser/tasks.ts';

/** Reads in the thread of the test, for tests of what is read. */
export const inProcessParser: Pick<Parser, 'run'> = {
  run: async (task, input) => perform(task, input),
};
