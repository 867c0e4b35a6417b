import { describe, expect, test } from '@jest/globals';
import type { DeadLetterView } from '../src/dead-letter-queries.ts';
import { readDeadLetter, readDeadLetters, settleDeadLetters } from '../src/dead-letters.ts';
import type { GraphClient } from '../src/graph-client.ts';
import {
  deadLetterDetails,
  deadLetterTable,
  settledReport,
} from '../src/output/dead-letter-report.ts';

const RUN = 'run_0b2f6f7e-51a4-4d6c-9a55-1a4a8f0f3c11';
const NOW = Date.parse('2026-01-02T06:00:00Z');

const letter = (id: string, rest: Partial<DeadLetterView> = {}): DeadLetterView => ({
  id,
  stream: 'EVENTS',
  service: 'cropper',
  work: 'photos',
  attempts: 8,
  cause: 'it is sick\n  (8 failures)',
  at: '2026-01-02T03:59:00Z',
  run: RUN,
  ...rest,
});

/** A graph of these letters, two a page; what was settled is gone from it. */
function graphOf(ids: readonly string[]) {
  const left = [...ids];
  const asked: string[] = [];
  const answer = (query: string, { id, after }: { id?: string; after?: string | null }): object => {
    if (query.includes('deadLetters(')) {
      const from = after ? Number(after) : 0;
      return {
        deadLetters: {
          edges: ids.slice(from, from + 2).map((each) => ({ node: letter(each) })),
          pageInfo: { hasNextPage: from + 2 < ids.length, endCursor: String(from + 2) },
        },
      };
    }
    if (query.startsWith('query')) return { deadLetter: null };
    const name = query.includes('retryDeadLetter') ? 'retryDeadLetter' : 'dropDeadLetter';
    asked.push(`${name} ${id}`);
    const place = left.indexOf(id ?? '');
    if (place < 0) return { [name]: { userErrors: [{ message: `There is none ${id}.` }] } };
    left.splice(place, 1);
    return { [name]: { userErrors: [] } };
  };
  const graph: GraphClient = {
    request: async <T>(query: string, variables: object) => answer(query, variables) as T,
  };
  return { graph, asked };
}

describe('dead letters', () => {
  test('are read page by page', async () => {
    const { graph } = graphOf(['a', 'b', 'c']);
    expect((await readDeadLetters(graph)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('are all retried, or those that are named; what fails is told beside the rest', async () => {
    const all = graphOf(['a', 'b', 'c']);
    expect(await settleDeadLetters(all.graph, 'retry', null)).toEqual({
      settled: ['a', 'b', 'c'],
      failed: [],
    });
    const named = graphOf(['a', 'b']);
    expect(await settleDeadLetters(named.graph, 'drop', ['b', 'x'])).toEqual({
      settled: ['b'],
      failed: [{ id: 'x', message: 'There is none x.' }],
    });
    expect(named.asked).toEqual(['dropDeadLetter b', 'dropDeadLetter x']);
  });

  test('one whose answer was lost is found settled when it is asked for again', async () => {
    const { graph } = graphOf(['a', 'b']);
    const twice: GraphClient = {
      request: async (document, variables) => {
        if (String(document).startsWith('mutation')) await graph.request(document, variables);
        return graph.request(document, variables);
      },
    };
    expect(await settleDeadLetters(twice, 'retry', null)).toEqual({
      settled: ['a', 'b'],
      failed: [],
    });
  });

  test('one that is not there is NOT_FOUND', async () => {
    await expect(readDeadLetter(graphOf([]).graph, 'x')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('for people', () => {
  test('a list has a row for each, its cause, and what to do next', () => {
    const job = letter('JOBS.detector-detect.7', {
      stream: 'JOBS',
      service: 'detector',
      work: 'detect',
      run: null,
      cause: 'no such model',
      at: '2026-01-02T05:59:30Z',
    });
    const table = deadLetterTable([letter('EVENTS.cropper-photos.12'), job], NOW, 'kept');
    expect(table.split('\n')).toEqual([
      'id                        age   given up by            run',
      `EVENTS.cropper-photos.12  2 h   cropper events photos  ${RUN}`,
      '  it is sick (8 failures)',
      'JOBS.detector-detect.7    30 s  detector job detect',
      '  no such model',
      '',
      'Put right what the causes name; then the messages can be sent again, and their runs go on:',
      '  deepstyle events dead-letters --data kept retry --all',
      '  deepstyle events dead-letters --data kept show ID   tells all of one',
      '  deepstyle events dead-letters --data kept drop ID   gives one up for good: its work is not done',
      '',
    ]);
  });

  test('an empty list says so', () => {
    expect(deadLetterTable([], NOW, undefined)).toBe('There are no dead letters.\n');
  });

  test('one is told with what its message says', () => {
    const message = { subject: 'deepstyle.photo.stored.v1', messageId: 'm1', payloadBytes: 9 };
    const told = deadLetterDetails({ ...letter('EVENTS.x.1'), ...message, payload: '{"a":[1]}' });
    expect(told).toContain('cropper events photos, after 8 deliveries');
    expect(told).toContain('{\n  "a": [\n    1\n  ]\n}');
    const cut = deadLetterDetails({ ...letter('EVENTS.x.1'), ...message, payload: '{"a":[1' });
    expect(cut).toContain('\n{"a":[1\n');
  });

  test('a retry is told with what could not be', () => {
    const failed = [{ id: 'x', message: 'There is none x.' }];
    expect(settledReport('retry', { settled: ['a'], failed })).toMatch(
      /^1 message sent again; .*\nThere is none x\.\n$/,
    );
    expect(settledReport('drop', { settled: ['a', 'b'], failed: [] })).toBe(
      '2 messages dropped.\n',
    );
  });
});
