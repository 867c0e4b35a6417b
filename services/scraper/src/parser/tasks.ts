import { parseRobots, type RobotsBytes, type RobotsGroup } from '../http/robots-group.ts';
import {
  type ManifestBlock,
  type ManifestEntries,
  readManifestBlock,
} from '../sources/manifest-lines.ts';
import { type PageBytes, type PageContent, readPageBytes } from '../sources/markup.ts';

interface Tasks {
  page: { readonly input: PageBytes; readonly output: PageContent };
  robots: { readonly input: RobotsBytes; readonly output: RobotsGroup };
  manifest: { readonly input: ManifestBlock; readonly output: ManifestEntries };
}

/** What the parser's thread does with text from outside. Input and output are copied between the threads. */
export type TaskName = keyof Tasks;
export type Input<T extends TaskName> = Tasks[T]['input'];
export type Output<T extends TaskName> = Tasks[T]['output'];

const TASKS: { readonly [T in TaskName]: (input: Input<T>) => Output<T> } = {
  page: readPageBytes,
  robots: parseRobots,
  manifest: readManifestBlock,
};

/** @throws RejectedSourceError */
export function perform<T extends TaskName>(task: T, input: Input<T>): Output<T> {
  return TASKS[task](input);
}
