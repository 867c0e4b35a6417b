import { textProblem } from '@deepstyle/contracts/request-rules';
import { InvalidArgumentError } from '@deepstyle/platform';

export const MAX_PAGE = 100;

/** Arguments of a connection; `first` is required by the schema and bounded here. */
export interface PageArguments {
  readonly first: number;
  readonly after?: string | null;
}

/** A page as records read it: `limit` is one more than asked for, which tells whether there is a next page. */
export interface Page {
  readonly first: number;
  readonly limit: number;
  /** The sort key of the last row of the page before, as the cursor holds it; null for the first page. */
  readonly after: readonly string[] | null;
}

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** @throws InvalidArgumentError where `first` is out of [0, 100] or the cursor was not made here */
export function parsePage({ first, after }: PageArguments): Page {
  if (first < 0 || first > MAX_PAGE) {
    throw new InvalidArgumentError('first', `must be from 0 to ${MAX_PAGE}, not ${first}`);
  }
  return {
    first,
    limit: first + 1,
    after: after === undefined || after === null ? null : decodeCursor(after),
  };
}

/** Keyset pagination: rows in sort order, at most `page.limit`, each with its sort key. */
export function toConnection<Row, Node>(
  page: Page,
  rows: readonly Row[],
  keyOf: (row: Row) => readonly string[],
  nodeOf: (row: Row) => Node,
): Connection<Node> {
  const edges = rows
    .slice(0, page.first)
    .map((row) => ({ cursor: encodeCursor(keyOf(row)), node: nodeOf(row) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.first,
      hasPreviousPage: page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function encodeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function decodeCursor(cursor: string): readonly string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.every(isText)) return key;
  } catch {
    // Falls through to the one error for every malformed cursor.
  }
  throw new InvalidArgumentError('after', 'is no cursor of this list; use pageInfo.endCursor');
}

function isText(part: unknown): part is string {
  return typeof part === 'string' && textProblem(part) === null;
}
