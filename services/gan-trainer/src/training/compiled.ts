/** The networks as the engine runs them. */
import {
  type CompiledStep,
  type CompileOptions,
  compileFunction,
  compileStep,
  createRandom,
  flattenTree,
  type HostTensor,
  type TensorSpec,
  type Tree,
  type tf,
  unflattenTree,
} from '@deepstyle/engine';
import {
  type DiscriminatorParams,
  type DiscriminatorStatistics,
  discriminate,
  judge,
} from '../model/discriminator.ts';
import {
  type GeneratorParams,
  type GeneratorStatistics,
  generate,
  IMAGE_SIZE,
  render,
} from '../model/generator.ts';
import {
  type DiscriminatorWeights,
  type GeneratorWeights,
  initialDiscriminator,
  initialGenerator,
} from '../model/initialisation.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import { batchSpec, createStep, type TrainingState } from './step.ts';

export type EngineOptions = Pick<CompileOptions, 'device' | 'threads' | 'inProcess'>;

/** The training step, its state in the engine. */
export async function compileTraining(
  hyperparameters: Hyperparameters,
  state: TrainingState,
  options: EngineOptions,
): Promise<CompiledStep> {
  const step = createStep(hyperparameters);
  return compileStep(
    step as Parameters<typeof compileStep>[0],
    { state: state as unknown as Tree<HostTensor>, batch: batchSpec(hyperparameters) },
    options,
  );
}

/** Images rendered or judged at once. */
export const RENDER_BATCH = 50;
/** Images over which statistics are measured: enough that another sample would move them by about a percent. */
export const CALIBRATION_BATCH = 256;

export interface NetworkSize {
  readonly latentSize: number;
  readonly width: number;
}

/** A network's measured statistics, {layer: {mean, variance}}, each [C]. */
export type StatisticsTensors = Tree<HostTensor>;

/** A network at rest. Weights come with each call, so that one compilation serves every checkpoint. */
export interface RestingNetwork<Weights> {
  /** Measures the statistics over one row of `CALIBRATION_BATCH` inputs. */
  calibrate(weights: Weights, inputs: Float32Array): Promise<StatisticsTensors>;
  /** Any number of inputs; each result depends on its own input alone. */
  run(weights: Weights, statistics: StatisticsTensors, inputs: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Latents [N, nz] -> images [N, 64, 64, 3] in [-1, 1]. */
export function compileRenderer(
  { latentSize, width }: NetworkSize,
  options: EngineOptions,
): Promise<RestingNetwork<GeneratorWeights>> {
  return compileNetwork<GeneratorWeights, GeneratorParams, GeneratorStatistics>(
    {
      weights: initialGenerator(createRandom(0), latentSize, width),
      inputShape: [latentSize],
      outputShape: [IMAGE_SIZE, IMAGE_SIZE, 3],
      measure: (params, latents) => generate(params, latents as tf.Tensor2D).statistics,
      apply: (params, statistics, latents) => render(params, statistics, latents as tf.Tensor2D),
      layers: ['project', 'up1', 'up2', 'up3'],
    },
    options,
  );
}

/** Images [N, 64, 64, 3] in [-1, 1] -> logits [N]. */
export function compileJudge(
  { width }: NetworkSize,
  options: EngineOptions,
): Promise<RestingNetwork<DiscriminatorWeights>> {
  return compileNetwork<DiscriminatorWeights, DiscriminatorParams, DiscriminatorStatistics>(
    {
      weights: initialDiscriminator(createRandom(0), width),
      inputShape: [IMAGE_SIZE, IMAGE_SIZE, 3],
      outputShape: [],
      measure: (params, images) => discriminate(params, images as tf.Tensor4D).statistics,
      apply: (params, statistics, images) => judge(params, statistics, images as tf.Tensor4D),
      layers: ['down2', 'down3', 'down4'],
    },
    options,
  );
}

interface NetworkDefinition<Weights, Params, Statistics> {
  /** Any weights of the right shapes. */
  readonly weights: Weights;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Names of the normalised layers. */
  readonly layers: readonly (keyof Statistics & keyof Weights & string)[];
  readonly measure: (params: Params, inputs: tf.Tensor) => Statistics;
  readonly apply: (params: Params, statistics: Statistics, inputs: tf.Tensor) => tf.Tensor;
}

async function compileNetwork<Weights extends object, Params, Statistics>(
  definition: NetworkDefinition<Weights, Params, Statistics>,
  options: EngineOptions,
): Promise<RestingNetwork<Weights>> {
  const { inputShape, outputShape } = definition;
  const weights = specsOf(definition.weights as Tree<HostTensor>);
  const statistics = Object.fromEntries(
    definition.layers.map((layer) => {
      const { norm } = definition.weights[layer] as { norm: { gamma: HostTensor } };
      return [layer, { mean: specOf(norm.gamma), variance: specOf(norm.gamma) }];
    }),
  );
  const rows = (count: number) => ({ shape: [count, ...inputShape], dtype: 'float32' as const });
  const measuring = await compileFunction(
    (_, tree) => {
      const { weights, inputs } = tree as unknown as { weights: Params; inputs: tf.Tensor };
      return definition.measure(weights, inputs) as Tree<tf.Tensor>;
    },
    { params: {}, inputs: { weights, inputs: rows(CALIBRATION_BATCH) } },
    options,
  );
  const applying = await compileFunction(
    (_, tree) => {
      const given = tree as unknown as {
        weights: Params;
        statistics: Statistics;
        inputs: tf.Tensor;
      };
      return { result: definition.apply(given.weights, given.statistics, given.inputs) };
    },
    { params: {}, inputs: { weights, statistics, inputs: rows(RENDER_BATCH) } },
    options,
  );
  const inputSize = sizeOf(inputShape);
  const outputSize = sizeOf(outputShape);
  return {
    async calibrate(values, inputs) {
      const bound = { weights: values as Tree<HostTensor>, inputs };
      return unflattenTree(await measuring.run(bound));
    },
    async run(values, measured, inputs) {
      const results = new Float32Array((inputs.length / inputSize) * outputSize);
      for (let first = 0; first * inputSize < inputs.length; first += RENDER_BATCH) {
        // The last rows of the last batch are padding.
        const padded = new Float32Array(RENDER_BATCH * inputSize);
        padded.set(inputs.subarray(first * inputSize, (first + RENDER_BATCH) * inputSize));
        const bound = {
          weights: values as Tree<HostTensor>,
          statistics: measured,
          inputs: padded,
        };
        const { result } = await applying.run(bound);
        const wanted = results.subarray(first * outputSize, (first + RENDER_BATCH) * outputSize);
        if (result !== undefined) wanted.set(result.data.subarray(0, wanted.length));
      }
      return results;
    },
    async dispose() {
      await measuring.dispose();
      await applying.dispose();
    },
  };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function specOf({ shape, dtype }: HostTensor): TensorSpec {
  return { shape, dtype };
}

function specsOf(tree: Tree<HostTensor>): Tree<TensorSpec> {
  const specs = Object.entries(flattenTree<HostTensor>(tree)).map(
    ([name, tensor]) => [name, specOf(tensor)] as const,
  );
  return unflattenTree<TensorSpec>(Object.fromEntries(specs));
}
