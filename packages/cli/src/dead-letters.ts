import { NotFoundError } from '@deepstyle/platform';
import {
  DEAD_LETTER_DETAILS,
  DEAD_LETTERS,
  type DeadLetterDetails,
  type DeadLetterView,
  DROP_DEAD_LETTER,
  RETRY_DEAD_LETTER,
} from './dead-letter-queries.ts';
import { type GraphClient, GraphRequestError } from './graph-client.ts';

export type DeadLetter = NonNullable<DeadLetterDetails['deadLetter']>;

/** All of them, oldest first. */
export async function readDeadLetters(graph: GraphClient): Promise<readonly DeadLetterView[]> {
  const letters: DeadLetterView[] = [];
  let after: string | null = null;
  do {
    const page = await pageAfter(graph, after);
    letters.push(...page.edges.map(({ node }) => node));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return letters;
}

/** How many dead letters each run has, by its id; none where they cannot be read. */
export async function lettersByRun(graph: GraphClient): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  try {
    for (const { run } of await readDeadLetters(graph))
      if (run !== null) counts.set(run, (counts.get(run) ?? 0) + 1);
  } catch (error) {
    if (!(error instanceof GraphRequestError)) throw error;
  }
  return counts;
}

async function pageAfter(graph: GraphClient, after: string | null) {
  return (await graph.request(DEAD_LETTERS, { after })).deadLetters;
}

/** @throws NotFoundError */
export async function readDeadLetter(graph: GraphClient, id: string): Promise<DeadLetter> {
  const { deadLetter } = await graph.request(DEAD_LETTER_DETAILS, { id });
  if (deadLetter === null) throw new NotFoundError('dead letter', id);
  return deadLetter;
}

/** What became of dead letters, by id. */
export interface Settled {
  readonly settled: readonly string[];
  readonly failed: readonly { readonly id: string; readonly message: string }[];
}

/** @param ids null: all that are listed now; what is given up again meanwhile is not tried a second time */
export async function settleDeadLetters(
  graph: GraphClient,
  how: 'retry' | 'drop',
  ids: readonly string[] | null,
): Promise<Settled> {
  const settled: string[] = [];
  const failed: { id: string; message: string }[] = [];
  const listed = (await readDeadLetters(graph)).map((letter) => letter.id);
  for (const id of ids ?? listed) {
    const [problem] = await settle(graph, how, id);
    // One that is gone by now was settled, and the answer that said so was lost.
    if (problem === undefined || (listed.includes(id) && (await isGone(graph, id))))
      settled.push(id);
    else failed.push({ id, message: problem.message });
  }
  return { settled, failed };
}

async function settle(graph: GraphClient, how: 'retry' | 'drop', id: string) {
  return how === 'retry'
    ? (await graph.request(RETRY_DEAD_LETTER, { id })).retryDeadLetter.userErrors
    : (await graph.request(DROP_DEAD_LETTER, { id })).dropDeadLetter.userErrors;
}

async function isGone(graph: GraphClient, id: string): Promise<boolean> {
  return (await graph.request(DEAD_LETTER_DETAILS, { id })).deadLetter === null;
}
