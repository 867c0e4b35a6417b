import type { Parser } from '../src/parser/parser.ts';
import { TASKS } from '../src/parser/tasks.ts';

/** Reads in the thread of the test, for tests of what is read. */
export const inProcessParser: Pick<Parser, 'run'> = {
  run: async (task, input) => TASKS[task](input as never) as never,
};
