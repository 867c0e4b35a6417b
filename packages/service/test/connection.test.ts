import { InvalidArgumentError } from '@deepstyle/platform';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePage, toConnection } from '../src/graph/connection.ts';

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

/** What records do: rows after the cursor's key, at most `limit`. */
function readRows(first: number, after?: string | null) {
  const page = parsePage({ first, after: after ?? null });
  const from = page.after?.[0];
  const rows = letters.filter((letter) => from === undefined || letter > from).slice(0, page.limit);
  return toConnection(
    page,
    rows,
    (row) => [row],
    (row) => row,
  );
}

describe('a connection', () => {
  test('walked page by page gives every row once, whatever the page size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (first) => {
        const seen: string[] = [];
        let after: string | null = null;
        for (let more = true; more; ) {
          const page: ReturnType<typeof readRows> = readRows(first, after);
          seen.push(...page.edges.map(({ node }) => node));
          after = page.pageInfo.endCursor;
          more = page.pageInfo.hasNextPage;
        }
        expect(seen).toEqual(letters);
      }),
    );
  });

  test('a last page that is exactly full has no next page', () => {
    expect(readRows(7).pageInfo.hasNextPage).toBe(false);
    expect(readRows(6).pageInfo.hasNextPage).toBe(true);
  });

  test.each([-1, 101, 1_000_000])('first = %i is refused', (first) => {
    expect(() => parsePage({ first })).toThrow(InvalidArgumentError);
  });

  test('a cursor that was not made here is refused, never a crash', () => {
    fc.assert(
      fc.property(fc.string(), (after) => {
        try {
          expect(parsePage({ first: 1, after }).after).toBeInstanceOf(Array);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgumentError);
        }
      }),
    );
  });
});
