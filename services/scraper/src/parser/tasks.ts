import { parseRobots } from '../http/robots-group.ts';
import { readManifestBlock } from '../sources/manifest-lines.ts';
import { readPageBytes } from '../sources/markup.ts';

/** What the parser's thread does with text from outside. @throws RejectedSourceError */
export const TASKS = {
  page: readPageBytes,
  robots: parseRobots,
  manifest: readManifestBlock,
};
