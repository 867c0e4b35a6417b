import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { importAndFollow } from '../src/follow/import-dataset.ts';
import { trainDetector } from '../src/follow/train-detector.ts';
import { type GraphClient, GraphRequestError } from '../src/graph-client.ts';
import { ProgressView } from '../src/output/progress-view.ts';

let data: TemporaryFolder;
beforeEach(async () => {
  data = await temporaryFolder('cli-train');
});
afterEach(() => data.remove());

/** A graph that gives these answers one after another, and remembers what it was asked. */
function graphOf(answers: readonly (object | Error)[]) {
  const asked: { query: string; variables: Readonly<Record<string, unknown>> }[] = [];
  const graph: GraphClient = {
    request: async <T>(query: string, variables: Readonly<Record<string, unknown>>) => {
      const answer = answers[asked.length];
      asked.push({ query, variables });
      if (answer === undefined) throw new Error('asked too often');
      if (answer instanceof Error) throw answer;
      return answer as T;
    },
  };
  return { graph, asked };
}

function silentView() {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  return { view: new ProgressView({ write, isTTY: false } as never), lines };
}

const progress = (state: string, detail: string | null = null) => ({
  ...{ state, done: 3, failed: 0, expected: 10, detail, stalled: false },
});
const imported = (state: string, dataset: object | null, detail?: string) => ({
  datasetImport: { progress: progress(state, detail), dataset, irregularities: [] },
});
const BEGUN = { importDataset: { import: { id: 'i1' }, userErrors: [] } };
const SCENES = { name: 'scenes', folder: '/scenes', strict: true };

const keyOf = (asked: { variables: Readonly<Record<string, unknown>> } | undefined) =>
  (asked?.variables.input as { idempotencyKey: string } | undefined)?.idempotencyKey;

describe('an import', () => {
  test('is followed to its dataset', async () => {
    const { graph, asked } = graphOf([BEGUN, imported('DONE', { id: 'd1' })]);
    const { dataset } = await importAndFollow(graph, SCENES, data.path, silentView().view);
    expect(dataset?.id).toBe('d1');
    expect(asked[0]?.variables).toMatchObject({ input: { folder: '/scenes', strict: true } });
    expect(asked[1]?.variables).toEqual({ id: 'i1' });
  });

  test('that fails ends with the reason', async () => {
    const { graph } = graphOf([BEGUN, imported('FAILED', null, 'line 7 is no image')]);
    const { progress: end } = await importAndFollow(graph, SCENES, data.path, silentView().view);
    expect(end.detail).toBe('line 7 is no image');
  });

  test('that is refused ends with what the caller can mend', async () => {
    const refusal = { import: null, userErrors: [{ message: 'The folder is empty.' }] };
    const { graph } = graphOf([{ importDataset: refusal }]);
    await expect(importAndFollow(graph, SCENES, data.path, silentView().view)).rejects.toThrow(
      'The folder is empty.',
    );
  });
});

describe('the training of the detector', () => {
  const model = { id: 'm1', trainSeconds: 100, evaluation: {} };
  const begun = { trainDetector: { training: { id: 't1' }, userErrors: [] } };
  const wish = { dataset: 'd1', labels: 'CATEGORIES', maxSeconds: 125, seed: 3 } as const;

  test('is told as it goes, and an answer that is missed does not end it', async () => {
    const { graph, asked } = graphOf([
      begun,
      new GraphRequestError('busy'),
      { detectorTraining: { progress: progress('RUNNING', 'step 30 of 100'), model: null } },
      { detectorTraining: { progress: progress('DONE'), model } },
    ]);
    const { view, lines } = silentView();
    expect(await trainDetector(graph, wish, data.path, view)).toEqual(model);
    expect(asked[0]?.variables).toMatchObject({ input: wish });
    expect(lines[0]).toMatch(/^detector .*3 of 10.*step 30 of 100/);
  });

  test('that failed tells why', async () => {
    const failed = { progress: progress('FAILED', 'the loss is no number'), model: null };
    const { graph } = graphOf([begun, { detectorTraining: failed }]);
    await expect(trainDetector(graph, wish, data.path, silentView().view)).rejects.toThrow(
      'the loss is no number',
    );
  });

  test('that was interrupted goes on under its key; one that ended begins anew', async () => {
    const first = graphOf([begun, new TypeError('Ctrl-C')]);
    await trainDetector(first.graph, wish, data.path, silentView().view).catch(() => undefined);
    const done = { detectorTraining: { progress: progress('DONE'), model } };
    const second = graphOf([begun, done]);
    await trainDetector(second.graph, wish, data.path, silentView().view);
    const third = graphOf([begun, done]);
    await trainDetector(third.graph, wish, data.path, silentView().view);
    expect(keyOf(second.asked[0])).toBe(keyOf(first.asked[0]));
    expect(keyOf(third.asked[0])).not.toBe(keyOf(first.asked[0]));
  });

  test('that failed after its command was interrupted is not answered again', async () => {
    const first = graphOf([begun, new TypeError('Ctrl-C')]);
    await trainDetector(first.graph, wish, data.path, silentView().view).catch(() => undefined);
    const failed = { detectorTraining: { progress: progress('FAILED', 'no memory'), model: null } };
    const done = { detectorTraining: { progress: progress('DONE'), model } };
    const second = graphOf([begun, failed, begun, done]);
    expect(await trainDetector(second.graph, wish, data.path, silentView().view)).toEqual(model);
    expect(keyOf(second.asked[2])).not.toBe(keyOf(first.asked[0]));
  });

  test('what is no fault of the graph ends it at once', async () => {
    const { graph } = graphOf([begun, new TypeError('a bug')]);
    await expect(trainDetector(graph, wish, data.path, silentView().view)).rejects.toThrow('a bug');
  });
});
