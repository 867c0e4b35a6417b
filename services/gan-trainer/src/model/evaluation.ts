/** The networks in evaluation mode, as the engine runs them. */
import {
  type CompileOptions,
  compileFunction,
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
  discriminateInEvaluation,
  discriminateInTraining,
} from './discriminator.ts';
import {
  type GeneratorParams,
  type GeneratorStatistics,
  generateInEvaluation,
  generateInTraining,
  IMAGE_SIZE,
} from './generator.ts';
import {
  type DiscriminatorWeights,
  type GeneratorWeights,
  initialDiscriminator,
  initialGenerator,
} from './initialization.ts';

/** Inputs that go through a network at once. */
export const EVALUATION_BATCH = 50;
/** Inputs over which statistics are measured: enough that another sample would move them by about a percent. */
export const CALIBRATION_BATCH = 256;

type EngineOptions = Pick<CompileOptions, 'device' | 'threads' | 'inProcess'>;

export interface NetworkSize {
  readonly latentSize: number;
  readonly width: number;
}

/** Measured statistics, {layer: {mean, variance}}, each [C]. */
export type StatisticsTensors = Tree<HostTensor>;

/** Weights come with each call, so that one compilation serves every checkpoint. */
export interface EvaluationNetwork<Weights> {
  /** Measures the statistics over one row of `CALIBRATION_BATCH` inputs. */
  calibrate(weights: Weights, inputs: Float32Array): Promise<StatisticsTensors>;
  /** Any number of inputs; each result depends on its own input alone. */
  run(weights: Weights, statistics: StatisticsTensors, inputs: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Latents [N, nz] -> images [N, 64, 64, 3] in [-1, 1]. */
export function compileGenerator(
  { latentSize, width }: NetworkSize,
  options: EngineOptions,
): Promise<EvaluationNetwork<GeneratorWeights>> {
  return compileNetwork<GeneratorWeights, GeneratorParams, GeneratorStatistics>(
    {
      weights: initialGenerator(createRandom(0), latentSize, width),
      inputShape: [latentSize],
      measure: (params, latents) => generateInTraining(params, latents as tf.Tensor2D).statistics,
      apply: (params, statistics, latents) =>
        generateInEvaluation(params, statistics, latents as tf.Tensor2D),
    },
    options,
  );
}

/** Images [N, 64, 64, 3] in [-1, 1] -> logits [N]. */
export function compileDiscriminator(
  { width }: NetworkSize,
  options: EngineOptions,
): Promise<EvaluationNetwork<DiscriminatorWeights>> {
  return compileNetwork<DiscriminatorWeights, DiscriminatorParams, DiscriminatorStatistics>(
    {
      weights: initialDiscriminator(createRandom(0), width),
      inputShape: [IMAGE_SIZE, IMAGE_SIZE, 3],
      measure: (params, images) => discriminateInTraining(params, images as tf.Tensor4D).statistics,
      apply: (params, statistics, images) =>
        discriminateInEvaluation(params, statistics, images as tf.Tensor4D),
    },
    options,
  );
}

interface NetworkDefinition<Weights, Params, Statistics> {
  /** Any weights of the right shapes. */
  readonly weights: Weights;
  readonly inputShape: readonly number[];
  readonly measure: (params: Params, inputs: tf.Tensor) => Statistics;
  readonly apply: (params: Params, statistics: Statistics, inputs: tf.Tensor) => tf.Tensor;
}

async function compileNetwork<Weights extends object, Params, Statistics>(
  { weights: sample, inputShape, measure, apply }: NetworkDefinition<Weights, Params, Statistics>,
  options: EngineOptions,
): Promise<EvaluationNetwork<Weights>> {
  const weights = specsOf(sample as Tree<HostTensor>);
  const statistics = statisticsSpecs(sample);
  const rows = (count: number) => ({ shape: [count, ...inputShape], dtype: 'float32' as const });
  const measuring = await compileFunction(
    (_, tree) => {
      const { weights, inputs } = tree as unknown as { weights: Params; inputs: tf.Tensor };
      return measure(weights, inputs) as Tree<tf.Tensor>;
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
      return { result: apply(given.weights, given.statistics, given.inputs) };
    },
    { params: {}, inputs: { weights, statistics, inputs: rows(EVALUATION_BATCH) } },
    options,
  );
  const size = inputShape.reduce((product, length) => product * length, 1);
  return {
    async calibrate(values, inputs) {
      const bound = { weights: values as Tree<HostTensor>, inputs };
      return unflattenTree(await measuring.run(bound));
    },
    run: (values, measured, inputs) =>
      inBatches(inputs, size, async (batch) => {
        const given = { weights: values as Tree<HostTensor>, statistics: measured, inputs: batch };
        return (await applying.run(given)).result?.data as Float32Array;
      }),
    async dispose() {
      await measuring.dispose();
      await applying.dispose();
    },
  };
}

/** Cuts rows into batches; the last rows of the last batch are padding, and what they come to is left out. */
async function inBatches(
  inputs: Float32Array,
  size: number,
  run: (batch: Float32Array) => Promise<Float32Array>,
): Promise<Float32Array> {
  const count = inputs.length / size;
  let results = new Float32Array();
  for (let first = 0; first < count; first += EVALUATION_BATCH) {
    const batch = new Float32Array(EVALUATION_BATCH * size);
    batch.set(inputs.subarray(first * size, (first + EVALUATION_BATCH) * size));
    const outputs = await run(batch);
    const outputSize = outputs.length / EVALUATION_BATCH;
    if (first === 0) results = new Float32Array(count * outputSize);
    const wanted = Math.min(EVALUATION_BATCH, count - first) * outputSize;
    results.set(outputs.subarray(0, wanted), first * outputSize);
  }
  return results;
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

/** Mean and variance of each layer that is normalized. */
function statisticsSpecs(weights: object): Tree<TensorSpec> {
  const layers = Object.entries(weights as Record<string, { norm?: { gamma: HostTensor } }>);
  return Object.fromEntries(
    layers.flatMap(([name, { norm }]) => {
      if (norm === undefined) return [];
      return [[name, { mean: specOf(norm.gamma), variance: specOf(norm.gamma) }]];
    }),
  );
}
