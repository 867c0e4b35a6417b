/** A training step in the engine, fed batch by batch. */
import {
  type CompileOptions,
  compileStep,
  type HostTensor,
  type TensorData,
  type TensorSpec,
  type Tree,
  type tf,
} from '@deepstyle/engine';
import { countMetric, recordMetric, secondsSince } from '@deepstyle/platform';
import type { Progress } from './progress.ts';

/** What the settings of a trainer offer. The last two need a package that is not installed by itself. */
export const DEVICES = ['cpu', 'cuda', 'tfjs-node', 'tfjs-node-gpu'] as const;

export type TrainingDevice = (typeof DEVICES)[number];

export type EngineOptions = Pick<CompileOptions, 'device' | 'threads' | 'inProcess'>;

/** @param settings `threads` 0: one per core */
export function engineOptions(settings: {
  readonly device: TrainingDevice;
  readonly threads: number;
}): EngineOptions {
  const { device, threads } = settings;
  return threads === 0 ? { device } : { device, threads };
}

export interface CompiledTraining<State extends object> {
  /** One step; resolves to the losses by name. @throws NonFiniteError */
  run(batch: Tree<HostTensor | TensorData>): Promise<Record<string, HostTensor>>;
  /** A copy of the state. */
  readState(): Promise<State>;
  dispose(): Promise<void>;
}

type Tensors = Tree<tf.Tensor>;

/** Pure: state and batch in, next state and losses out. */
export type TrainingStep = (
  state: Tensors,
  batch: Tensors,
) => { readonly state: Tensors; readonly outputs: Tensors };

/** The step with its state in the engine. @throws ProviderMissingError where the device is not installed, saying how */
export async function compileTraining<State extends object>(
  step: TrainingStep,
  spec: { readonly state: State; readonly batch: Tree<TensorSpec> },
  options: EngineOptions,
): Promise<CompiledTraining<State>> {
  const state = spec.state as Tree<HostTensor>;
  const pure = step as Parameters<typeof compileStep>[0];
  const compiled = await compileStep(pure, { state, batch: spec.batch }, options);
  return { ...compiled, readState: async () => (await compiled.readState()) as State };
}

export type Batch = Tree<TensorData>;

export interface FeedOptions<P extends Progress, Loss extends string> {
  readonly compiled: Pick<CompiledTraining<object>, 'run'>;
  /** The batch of a step, from 0; from its number alone, since it is made before the step before is done. */
  readonly batches: (step: number) => Promise<Batch> | Batch;
  /** Numbers that enter with the batch and follow from the progress, such as the learning rate. */
  readonly scalars: (progress: P) => Readonly<Record<string, number>>;
  readonly losses: readonly Loss[];
  /** For the metrics: who trains, and on how many images a step. */
  readonly service: string;
  readonly images: number;
}

/** The step for a loop. The next batch is made while the engine's thread computes this one. */
export function feedSteps<P extends Progress, Loss extends string>(
  options: FeedOptions<P, Loss>,
): (progress: P) => Promise<Readonly<Record<Loss, number>>> {
  const { compiled, scalars, losses, service, images } = options;
  const batches = async (step: number) => options.batches(step);
  let next: { readonly step: number; readonly batch: Promise<Batch> } | undefined;

  return async (progress) => {
    const startedAt = performance.now();
    const { step } = progress;
    const batch = await (next?.step === step ? next.batch : batches(step));
    const running = compiled.run({ ...batch, ...scalarTensors(scalars(progress)) });
    next = { step: step + 1, batch: batches(step + 1) };
    // Its failure is heard when it is awaited.
    next.batch.catch(() => undefined);
    const outputs = await running;
    recordMetric('trainingStepDuration', { service }, secondsSince(startedAt));
    countMetric('images', { service, work: 'train' }, images);
    const values = losses.map((name) => [name, outputs[name]?.data[0] ?? Number.NaN]);
    return Object.fromEntries(values) as Record<Loss, number>;
  };
}

function scalarTensors(values: Readonly<Record<string, number>>): Batch {
  const tensors = Object.entries(values).map(([name, value]) => [name, Float32Array.of(value)]);
  return Object.fromEntries(tensors) as Batch;
}
