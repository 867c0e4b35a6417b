import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runOutages, stageUnderWay } from './outages-by-stage.ts';
import type { Snapshot } from './snapshot.ts';
import type { Target } from './target.ts';
import { STAGE_NAMES, type StageName, type Stages } from './work.ts';

/** How far a run is that is in the middle of one stage. */
function stagesIn(current: StageName | 'the end'): Stages {
  const place = current === 'the end' ? STAGE_NAMES.length : STAGE_NAMES.indexOf(current);
  const stageOf = (index: number) => {
    if (index < place) return { state: 'DONE', done: 9 };
    return index === place ? { state: 'RUNNING', done: 3 } : { state: 'WAITING', done: 0 };
  };
  return Object.fromEntries(STAGE_NAMES.map((name, index) => [name, stageOf(index)])) as Stages;
}

test.each(STAGE_NAMES)(
  'a run in the middle of %s is seen there, unless that is not asked for',
  (stage) => {
    const others = STAGE_NAMES.filter((name) => name !== stage);
    expect(stageUnderWay(stagesIn(stage), STAGE_NAMES)).toBe(stage);
    expect(stageUnderWay(stagesIn(stage), others)).toBe(null);
  },
);

test('a stage that has done nothing yet is not in its middle', () => {
  const stages = { ...stagesIn('the end'), scraping: { state: 'RUNNING', done: 0 } };
  expect(stageUnderWay(stages, STAGE_NAMES)).toBe(null);
  expect(stageUnderWay(null, STAGE_NAMES)).toBe(null);
});

test('publishing that reads garments while they come is not yet that of the designs', () => {
  const stages = { ...stagesIn('cropping'), publishing: { state: 'RUNNING', done: 0 } };
  expect(stageUnderWay(stages, ['publishing'])).toBe(null);
});

/** A graph with one run after the other, each in the middle of a stage until it is told to go on. */
let graph: Server;
let place = 0;
let goesOn = false;
/** Looks that were answered since it was told to. */
let looks = 0;

beforeEach(async () => {
  graph = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      const isStart = body.includes('startRun');
      if (isStart) place = 0;
      // Some, as the first may have been asked before.
      else if (goesOn && ++looks > 6) {
        place += 1;
        goesOn = false;
      }
      const run = isStart ? { id: 'run' } : stagesIn(STAGE_NAMES[place] ?? 'the end');
      const data = isStart ? { startRun: { run, userErrors: [] } } : { run };
      response.end(JSON.stringify({ data }));
    });
  });
  await new Promise<void>((resolve) => {
    graph.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(() => {
  graph.closeAllConnections();
  graph.close();
});

const EMPTY: Snapshot = {
  ...{ runs: [], photos: [], members: [], settled: [], garments: [], runGarments: [] },
  lostSources: [],
  ...{ seasonGarments: [], trainings: [], models: [], detectorModels: [], samples: [] },
  ...{ generateRequests: [], designs: [], collections: [], collectionDesigns: [] },
  ...{ trendBatches: [], objectKeys: [], eventIds: [], deadLetters: [], outboxes: [] },
  ...{ queuedJobs: 0, durables: [] },
};

/** @param onHarm what a harm does to the run; the run goes on once it is mended */
function targetOf(name: string, onHarm: () => void = () => undefined): Target {
  return {
    name,
    kinds: [],
    isReady: async () => true,
    harm: {
      cut: async () => {
        onHarm();
        return async () => {
          goesOn = true;
          looks = 0;
        };
      },
    },
  };
}

async function outagesOf(...targets: readonly Target[]) {
  const { port } = graph.address() as AddressInfo;
  const input = {
    folder: 'f',
    season: 'FW2026',
    detector: null,
    expected: { photos: [], garments: [] },
  };
  return runOutages(
    {
      ...{ url: `http://127.0.0.1:${port}`, token: 't', targets, unavailable: [] },
      ...{ readSnapshot: async () => EMPTY, output: () => '', close: async () => undefined },
    },
    [input],
    {
      ...{ targets: targets.map(({ name }) => name), kind: 'cut', durationMs: 10, steps: 1 },
      ...{ maxStillMs: 60_000, say: () => undefined },
    },
  );
}

test('each target is away once in each stage, one after the other', async () => {
  const { outages, runs } = await outagesOf(targetOf('nats'), targetOf('s3'));
  expect(outages.map(({ target, stage, fell }) => [target, stage, fell])).toEqual([
    ...STAGE_NAMES.map((stage) => ['nats', stage, true]),
    ...STAGE_NAMES.map((stage) => ['s3', stage, true]),
  ]);
  expect(runs).toBe(2);
});

test('an outage whose stage had ended does not count; other runs are tried', async () => {
  const late = targetOf('s3', () => {
    place = STAGE_NAMES.length;
  });
  const { outages, runs } = await outagesOf(late);
  expect(outages.map(({ stage, fell }) => [stage, fell])).toEqual(
    STAGE_NAMES.map((stage) => [stage, false]),
  );
  expect(runs).toBe(3);
});

test('what runs have come to is judged after the outages', async () => {
  const { violations } = await outagesOf(targetOf('nats'));
  expect(violations.map(({ invariant }) => invariant)).toEqual(['every run is done']);
});
