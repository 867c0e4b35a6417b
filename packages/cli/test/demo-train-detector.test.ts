import { describe, expect, test } from '@jest/globals';
import { importDataset, trainDetector } from '../src/demo/train-detector.ts';
import { type GraphClient, GraphRequestError } from '../src/graph-client.ts';
import { ProgressView } from '../src/progress.ts';

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
  ...{ state, done: 3, failed: 0, expected: 10, detail },
});
const imported = (state: string, dataset: object | null, detail?: string) => ({
  datasetImport: { progress: progress(state, detail), dataset },
});
const BEGUN = { importDataset: { import: { id: 'i1' }, userErrors: [] } };

describe('the import of the scenes', () => {
  test('is followed to its dataset', async () => {
    const { graph, asked } = graphOf([BEGUN, imported('DONE', { id: 'd1' })]);
    expect(await importDataset(graph, '/scenes', silentView().view)).toBe('d1');
    expect(asked[0]?.variables).toMatchObject({ input: { folder: '/scenes', strict: true } });
    expect(asked[1]?.variables).toEqual({ id: 'i1' });
  });

  test('that fails ends with the reason', async () => {
    const { graph } = graphOf([BEGUN, imported('FAILED', null, 'line 7 is no image')]);
    await expect(importDataset(graph, '/scenes', silentView().view)).rejects.toMatchObject({
      reason: 'DEMO_STEP_FAILED',
      message: 'The import of the drawn scenes failed: line 7 is no image',
    });
  });

  test('that is refused ends with what the caller can mend', async () => {
    const refusal = { import: null, userErrors: [{ message: 'The folder is empty.' }] };
    const { graph } = graphOf([{ importDataset: refusal }]);
    await expect(importDataset(graph, '/scenes', silentView().view)).rejects.toThrow(
      'The folder is empty.',
    );
  });
});

describe('the training of the detector', () => {
  const model = { id: 'm1', trainSeconds: 100, evaluation: {} };
  const begun = { trainDetector: { training: { id: 't1' }, userErrors: [] } };
  const wish = { dataset: 'd1', maxSeconds: 125, seed: 3 };

  test('is told as it goes, and an answer that is missed does not end it', async () => {
    const { graph, asked } = graphOf([
      begun,
      new GraphRequestError('busy'),
      { detectorTraining: { progress: progress('RUNNING', 'step 30 of 100'), model: null } },
      { detectorTraining: { progress: progress('DONE'), model } },
    ]);
    const { view, lines } = silentView();
    expect(await trainDetector(graph, wish, view)).toEqual(model);
    expect(asked[0]?.variables).toMatchObject({ input: { ...wish, labels: 'CATEGORIES' } });
    expect(lines[0]).toMatch(/^detector .*3 of 10.*step 30 of 100/);
  });

  test('what is no fault of the graph ends it at once', async () => {
    const { graph } = graphOf([begun, new TypeError('a bug')]);
    await expect(trainDetector(graph, wish, silentView().view)).rejects.toThrow('a bug');
  });
});
