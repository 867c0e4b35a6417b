import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { cancelUnlessEnded, changeAndFollow } from '../src/follow/follow-run.ts';
import type { GraphClient } from '../src/graph-client.ts';

const ID = 'run_1';

let data: TemporaryFolder;
beforeEach(async () => {
  data = await temporaryFolder('cli-changes');
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await data.remove();
});

/** A run as it is when it is looked at: its publishing, when that last moved, and whether it is canceled. */
type Look = readonly [state: string, at: number | null, canceledAt?: string];

/** A graph that answers each look in turn, the last one for good; it refuses a change for a reason. */
function graphWith(looks: readonly Look[], refusal?: string) {
  const changes: string[] = [];
  let number = 0;
  const graph: GraphClient = {
    request: async <T>(document: unknown, variables: Readonly<Record<string, unknown>>) => {
      if ('input' in variables) {
        const name = /\{\s*(\w+)\(/.exec(String(document))?.[1] ?? '';
        changes.push(name);
        const userErrors = refusal === undefined ? [] : [{ message: refusal }];
        return { [name]: { run: refusal === undefined ? { id: ID } : null, userErrors } } as T;
      }
      const [state, at, canceledAt = null] = looks[Math.min(number, looks.length - 1)] as Look;
      number += 1;
      const stage = { state, done: 1, failed: 0, expected: 1, detail: null, stalled: false };
      const updatedAt = at === null ? null : new Date(at).toISOString();
      const publishing = { ...stage, updatedAt };
      const stages = { scraping: stage, detection: null, cropping: null, training: null };
      return { run: { id: ID, canceledAt, incomplete: null, ...stages, publishing } } as T;
    },
  };
  return { graph, changes, looked: () => number };
}

describe('a change is followed to the end', () => {
  test('a retry to the end after it, not to the one that stood before', async () => {
    const { graph, changes, looked } = graphWith([
      ['HELD', 1],
      ['HELD', 1],
      ['RUNNING', 2],
      ['DONE', 3],
    ]);
    await changeAndFollow(graph, 'retry', ID, data.path);
    expect(changes).toEqual(['retryRun']);
    // The last look reads the result.
    expect(looked()).toBe(5);
  });

  test('a resumed run past what was canceled', async () => {
    const { graph, changes } = graphWith([
      ['CANCELED', 1, '2026-11-28'],
      ['CANCELED', 1],
      ['DONE', 2],
    ]);
    expect(await changeAndFollow(graph, 'resume', ID, data.path)).toMatchObject({
      publishing: { state: 'DONE' },
    });
    expect(changes).toEqual(['resumeRun']);
  });

  test('a run that is canceled meanwhile ends there', async () => {
    const { graph } = graphWith([
      ['HELD', 1],
      ['RUNNING', 2],
      ['RUNNING', 2, '2026-11-28'],
    ]);
    expect(await changeAndFollow(graph, 'publish', ID, data.path)).toMatchObject({
      canceledAt: '2026-11-28',
    });
  });

  test.each(['WAITING', 'RUNNING', 'DONE'])(
    'a run is published as incomplete only where it is held: not %s',
    async (state) => {
      const { graph, changes } = graphWith([[state, null]]);
      await expect(changeAndFollow(graph, 'publish', ID, data.path)).rejects.toThrow(
        /^The run run_1 is not held.* Where it stands: /,
      );
      expect(changes).toEqual([]);
    },
  );

  test('what is refused is told', async () => {
    const { graph } = graphWith([['DONE', 1]], 'The run is not canceled.');
    await expect(changeAndFollow(graph, 'resume', ID, data.path)).rejects.toMatchObject({
      reason: 'RUN_REFUSED',
      message: 'The run is not canceled.',
    });
  });
});

describe('a change whose answer was lost and that is asked for again', () => {
  const REFUSED = 'It is no longer so.';
  const CANCELED = ['CANCELED', 1, '2026-11-28'] as const;
  test.each<['resume' | 'publish', readonly Look[]]>([
    ['resume', [CANCELED, ['RUNNING', 2], ['DONE', 3]]],
    [
      'publish',
      [
        ['HELD', 1],
        ['RUNNING', 2],
        ['DONE', 3],
      ],
    ],
  ])('%s: was made, and the run is followed', async (asked, looks) => {
    const { graph } = graphWith(looks, REFUSED);
    expect(await changeAndFollow(graph, asked, ID, data.path)).toMatchObject({
      publishing: { state: 'DONE' },
    });
  });

  test.each<['resume' | 'publish' | 'retry', readonly Look[]]>([
    ['resume', [CANCELED, CANCELED]],
    [
      'publish',
      [
        ['HELD', 1],
        ['HELD', 1],
      ],
    ],
    [
      'publish',
      [
        ['HELD', 1],
        ['CANCELED', 2, '2026-11-28'],
      ],
    ],
    [
      'retry',
      [
        ['HELD', 1],
        ['HELD', 1],
      ],
    ],
  ])('%s: was not made, and is refused', async (asked, looks) => {
    const { graph } = graphWith(looks, REFUSED);
    await expect(changeAndFollow(graph, asked, ID, data.path)).rejects.toThrow(REFUSED);
  });
});

describe('a run is canceled', () => {
  test.each(['WAITING', 'RUNNING', 'HELD', 'CANCELED'])(
    'where its publishing is %s',
    async (state) => {
      const { graph, changes } = graphWith([
        [state, 1],
        ['CANCELED', 2, '2026-11-28'],
      ]);
      expect(await cancelUnlessEnded(graph, ID)).toBe(true);
      expect(changes).toEqual(['cancelRun']);
    },
  );

  test('and has ended where publishing ended before it heard of that; the cancellation is taken back', async () => {
    const { graph, changes } = graphWith([
      ['RUNNING', 1],
      ['RUNNING', 1, '2026-11-28'],
      ['DONE', 2, '2026-11-28'],
    ]);
    expect(await cancelUnlessEnded(graph, ID)).toBe(false);
    expect(changes).toEqual(['cancelRun', 'resumeRun']);
  });

  test('where nothing of it has come to its publishing', async () => {
    const { graph } = graphWith([['WAITING', null]]);
    expect(await cancelUnlessEnded(graph, ID)).toBe(true);
  });

  test.each(['DONE', 'FAILED', 'SKIPPED'])('not where its publishing is %s', async (state) => {
    const { graph, changes } = graphWith([[state, 1]]);
    expect(await cancelUnlessEnded(graph, ID)).toBe(false);
    expect(changes).toEqual([]);
  });
});
