import { createHash } from 'node:crypto';
import type { Drawn } from '../../packages/cli/src/demo/draw.ts';
import { type DemoPlan, type PlayedDemo, playDemo } from '../../packages/cli/src/demo/play.ts';
import { type DemoResult, demoResult } from '../../packages/cli/src/demo/result.ts';
import { createGraphClient, type GraphClient } from '../../packages/cli/src/graph-client.ts';
import { isAnswering } from '../../packages/cli/src/instance/instance.ts';
import { ask, idsOf } from './scenario.ts';
import type { System } from './systems.ts';

/** What a demo came to, in terms that depend neither on where it ran nor on how long it took. */
export interface DemoOutcome {
  readonly result: Omit<DemoResult, 'seconds' | 'peakMb' | 'detector'> & {
    readonly detector: Omit<DemoResult['detector'], 'trainSeconds'>;
  };
  readonly detector: {
    readonly id: string;
    readonly steps: number;
    /** SHA-256 of its files. */
    readonly files: Readonly<Record<'weights' | 'onnx' | 'detections', string>>;
  };
  readonly seasons: readonly {
    readonly season: string;
    readonly photos: readonly string[];
    readonly garments: readonly string[];
    readonly trendBatches: readonly unknown[];
  }[];
  /** Designs are as many as elsewhere; which ones depends on the id of the run, and that on chance. */
  readonly gan: {
    readonly id: string;
    readonly bestStep: number;
    readonly garmentCount: number;
    /** By step, where it was measured. */
    readonly kid: readonly { readonly step: number; readonly kid: number }[];
    /** Hash of each grid of samples. */
    readonly samples: readonly { readonly step: number; readonly image: string }[];
  };
}

/** Steps that are done of a training that is under way. */
export type TrainingWatch = (service: 'detector' | 'gan-trainer', step: number) => Promise<void>;

/**
 * Plays a demo, and collects what came of it.
 *
 * @param folder for what the demo keeps beside the drawn scenes
 * @param watch is heard before the demo hears how far a training is
 */
export async function demoOn(
  system: Pick<System, 'url' | 'token'>,
  plan: DemoPlan,
  drawn: Drawn,
  folder: string,
  watch: TrainingWatch = async () => {},
): Promise<DemoOutcome> {
  const isAlive = () => isAnswering(system.url);
  const graph = watched(createGraphClient({ ...system, isOwn: false, isAlive }), watch);
  return outcomeOf(system, drawn, await playDemo(plan, drawn, graph, folder));
}

interface Answer {
  readonly detectorTraining?: { readonly progress: Stage };
  readonly run?: { readonly training: Stage | null };
}
interface Stage {
  readonly state: string;
  readonly done: number;
}

function watched(graph: GraphClient, watch: TrainingWatch): GraphClient {
  const hear = async (service: 'detector' | 'gan-trainer', stage: Stage | null | undefined) => {
    if (stage?.state === 'RUNNING') await watch(service, stage.done);
  };
  return {
    request: async (document, variables) => {
      const answer = await graph.request(document, variables);
      const { detectorTraining, run } = answer as Answer;
      await hear('detector', detectorTraining?.progress);
      await hear('gan-trainer', run?.training);
      return answer;
    },
  };
}

async function outcomeOf(
  system: Pick<System, 'url' | 'token'>,
  drawn: Drawn,
  { model, runs }: PlayedDemo,
): Promise<DemoOutcome> {
  const { detector, ...result } = demoResult(drawn.shows, model, runs);
  const { trainSeconds: _, ...precision } = detector;
  const seasons = runs.map(async ({ id, season, trendBatches }) => ({
    season,
    photos: await idsOf(system, id, 'photos'),
    garments: await idsOf(system, id, 'garments'),
    trendBatches: (trendBatches ?? []).map(({ id: _id, revision: _revision, ...batch }) => batch),
  }));
  return {
    result: { ...result, detector: precision },
    detector: await detectorOf(system, model),
    seasons: await Promise.all(seasons),
    gan: await ganOf(system, runs.at(-1)?.id ?? ''),
  };
}

async function detectorOf(
  system: Pick<System, 'url' | 'token'>,
  { id, evaluation }: PlayedDemo['model'],
): Promise<DemoOutcome['detector']> {
  const { model } = await ask<{ model: { steps: number; weightsUrl: string; onnxUrl: string } }>(
    system,
    'query ($id: ID!) { model: detectorModel(id: $id) { steps weightsUrl onnxUrl } }',
    { id },
  );
  const digest = async (url: string): Promise<string> => {
    const response = await fetch(new URL(url, system.url));
    if (!response.ok) throw new Error(`${url} cannot be read: status ${response.status}`);
    return createHash('sha256')
      .update(Buffer.from(await response.arrayBuffer()))
      .digest('hex');
  };
  return {
    id,
    steps: model.steps,
    files: {
      weights: await digest(model.weightsUrl),
      onnx: await digest(model.onnxUrl),
      detections: await digest(evaluation?.detectionsUrl ?? ''),
    },
  };
}

interface GanAnswer {
  readonly run: {
    readonly ganModel: {
      readonly id: string;
      readonly bestStep: number;
      readonly garmentCount: number;
      readonly metrics: readonly { readonly step: number; readonly kid: number | null }[];
      readonly samples: readonly { readonly step: number; readonly image: { url: string } }[];
    };
  };
}

async function ganOf(
  system: Pick<System, 'url' | 'token'>,
  id: string,
): Promise<DemoOutcome['gan']> {
  const { run } = await ask<GanAnswer>(
    system,
    `query ($id: ID!) { run(id: $id) {
      ganModel { id bestStep garmentCount metrics { step kid } samples { step image { url } } }
    } }`,
    { id },
  );
  const { metrics, samples, ...gan } = run.ganModel;
  return {
    ...gan,
    kid: metrics.flatMap(({ step, kid }) => (kid === null ? [] : [{ step, kid }])),
    samples: samples.map(({ step, image }) => ({ step, image: hashIn(image.url) })),
  };
}

/** An image's address ends with the hash of its bytes. */
function hashIn(url: string): string {
  const hash = /[0-9a-f]{64}/.exec(url)?.[0];
  if (hash === undefined) throw new Error(`no hash in ${url}`);
  return hash;
}
