import { appendFile, mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type RunInput, startAndFollow } from '../src/follow/follow-run.ts';
import { interruptedWork } from '../src/follow/interrupted-work.ts';
import type { GraphClient } from '../src/graph-client.ts';
import { ProgressView } from '../src/output/progress-view.ts';

let data: TemporaryFolder;
let photos = '';
let input: RunInput = { season: 'FW2019', sources: [] };
let said: string[] = [];
beforeEach(async () => {
  data = await temporaryFolder('cli-again');
  photos = join(data.path, 'photos');
  await mkdir(join(photos, 'coat'), { recursive: true });
  await writeFile(join(photos, 'coat', 'a.jpg'), 'a');
  await writeFile(join(data.path, 'list.jsonl'), '{"file": "photos/coat/a.jpg"}\n');
  input = { season: 'FW2019', sources: [{ folder: photos }] };
  said = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await data.remove();
});

const stage = (state: string) => ({
  ...{ state, done: 1, failed: 0, expected: 1, detail: null, stalled: false },
});
const viewOf = (id: string, publishing: string, scraping: string) => ({
  ...{
    id,
    season: 'FW2019',
    canceledAt: null,
    incomplete: null,
    photoCounts: { stored: 1, duplicates: 0, rejected: 0 },
  },
  ...{ garmentCount: 1, scraping: stage(scraping), detection: stage('DONE') },
  ...{ cropping: stage('DONE'), training: stage('DONE') },
  canceledAt: scraping === 'CANCELED' ? '2026-11-28T07:05:00.000Z' : null,
  publishing: { ...stage(publishing), updatedAt: '2026-11-28T07:10:00.000Z' },
});

/** A graph in which each key has its run; what state a run is in when it is looked at, one after another. */
function graphIn(states: readonly (string | Error)[], scraping = 'DONE') {
  const keys: string[] = [];
  let looks = 0;
  const graph: GraphClient = {
    request: async <T>(_: unknown, variables: Readonly<Record<string, unknown>>) => {
      const started = variables.input as { idempotencyKey: string } | undefined;
      if (started !== undefined) {
        keys.push(started.idempotencyKey);
        const run = { id: `run_${started.idempotencyKey}`, createdAt: '2026-11-28T07:00:00.000Z' };
        return { startRun: { run, userErrors: [] } } as T;
      }
      const state = states[Math.min(looks, states.length - 1)] ?? 'DONE';
      looks += 1;
      if (state instanceof Error) throw state;
      return { run: viewOf(String(variables.id), state, scraping) } as T;
    },
  };
  return { graph, keys };
}

/** The key of the run that a command began before it was interrupted. */
async function interrupted(): Promise<string> {
  const { graph, keys } = graphIn([new TypeError('Ctrl-C')]);
  await expect(startAndFollow(graph, input, data.path)).rejects.toThrow('Ctrl-C');
  return keys[0] ?? '';
}

test('a run that is begun is told with its id, and to whom it is asked for', async () => {
  const { graph, keys } = graphIn(['DONE']);
  const begun: string[] = [];
  const view = new ProgressView(process.stderr);
  await startAndFollow(graph, input, data.path, { view, onBegun: (id) => begun.push(id) });
  expect(said).toContain(`Run run_${keys[0]}, season FW2019.\n`);
  expect(begun).toEqual([`run_${keys[0]}`]);
});

describe('the same command after an interruption', () => {
  test('goes on with its run and says which, and since when', async () => {
    const key = await interrupted();
    const { graph, keys } = graphIn(['RUNNING', 'DONE']);
    await startAndFollow(graph, input, data.path);
    expect(keys).toEqual([key]);
    expect(said.join('')).toContain(`run run_${key}, begun at 2026-11-28T07:00:00.000Z`);
  });

  test('goes on with a run whose key an earlier version kept', async () => {
    const { key } = interruptedWork(data.path, 'run', input);
    const [file = ''] = (await readdir(data.path)).filter((name) => name.endsWith('.key'));
    await writeFile(join(data.path, file), key);
    const { graph, keys } = graphIn(['RUNNING', 'DONE']);
    await startAndFollow(graph, input, data.path);
    expect(keys).toEqual([key]);
  });

  test.each(['DONE', 'HELD', 'FAILED', 'SKIPPED'])(
    'begins a run where its own is %s',
    async (state) => {
      const key = await interrupted();
      const { graph, keys } = graphIn([state]);
      await startAndFollow(graph, input, data.path);
      expect(keys).toEqual([key, expect.not.stringContaining(key)]);
      expect(said.join('')).toContain(`run_${key}`);
      expect(said.join('')).toContain('has ended: a new run begins');
    },
  );

  test('begins a run where its own was canceled', async () => {
    const key = await interrupted();
    const { graph, keys } = graphIn(['RUNNING', 'DONE'], 'CANCELED');
    await startAndFollow(graph, input, data.path);
    expect(keys).toEqual([key, expect.not.stringContaining(key)]);
  });

  test('begins a run where the collecting of its own has failed', async () => {
    const key = await interrupted();
    const { graph, keys } = graphIn(['PENDING', 'DONE'], 'FAILED');
    await startAndFollow(graph, input, data.path);
    expect(keys).toEqual([key, expect.not.stringContaining(key)]);
  });

  const changes: Readonly<Record<string, () => Promise<void>>> = {
    'there is one more photograph': () => writeFile(join(photos, 'coat', 'b.jpg'), 'b'),
    'a photograph has other bytes': () => appendFile(join(photos, 'coat', 'a.jpg'), 'more'),
    'a photograph has another time': () => utimes(join(photos, 'coat', 'a.jpg'), 1, 1),
  };
  test.each(Object.keys(changes))('begins a run where %s', async (change) => {
    const key = await interrupted();
    await changes[change]?.();
    const { graph, keys } = graphIn(['DONE']);
    await startAndFollow(graph, input, data.path);
    expect(keys).toEqual([expect.not.stringContaining(key)]);
    expect(said.join('')).toContain('The photographs have changed');
  });

  test('begins a run where its manifest has one more line', async () => {
    const manifest = join(data.path, 'list.jsonl');
    input = { season: 'FW2019', sources: [{ manifest }] };
    const key = await interrupted();
    await appendFile(manifest, '{"file": "photos/coat/b.jpg"}\n');
    const { graph, keys } = graphIn(['DONE']);
    await startAndFollow(graph, input, data.path);
    expect(keys).toEqual([expect.not.stringContaining(key)]);
  });

  test('leaves hidden files out, as the scraper does', async () => {
    const key = await interrupted();
    await writeFile(join(photos, '.DS_Store'), 'seen');
    const { graph, keys } = graphIn(['RUNNING', 'DONE']);
    await startAndFollow(graph, input, data.path);
    expect(keys).toEqual([key]);
  });
});
