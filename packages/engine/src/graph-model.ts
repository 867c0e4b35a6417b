/** Networks in TensorFlow.js's graph format, as other projects publish them, run like any other function. */
import type * as tf from '@tensorflow/tfjs-core';
import type { CompiledFunction } from './compile.ts';
import { compileFunction } from './compile.ts';
import { GraphModelError } from './errors.ts';
import { elementCount, type TensorSpec, type Tree } from './host-tensor.ts';
import type { CompileOptions } from './load-step.ts';

/** The two files of a network: its `.json`, and all of its weights in one. */
export interface GraphModelFiles {
  readonly json: string;
  readonly weights: Uint8Array;
}

const BYTES: Readonly<Record<string, number>> = {
  ...{ float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 },
};

function parse(json: string): tf.io.ModelJSON {
  let model: Partial<tf.io.ModelJSON> | null;
  try {
    model = JSON.parse(json);
  } catch (cause) {
    throw new GraphModelError('its description is no JSON', { cause });
  }
  if (model?.format !== 'graph-model' || !model.modelTopology || !model.weightsManifest) {
    throw new GraphModelError('its description is not that of a graph model');
  }
  return model as tf.io.ModelJSON;
}

function bytesOf(spec: tf.io.WeightsManifestEntry): number {
  const bytes = BYTES[spec.quantization?.dtype ?? spec.dtype];
  if (bytes === undefined) throw new GraphModelError(`it has weights of type ${spec.dtype}`);
  return elementCount(spec.shape) * bytes;
}

function artifactsOf({ json, weights }: GraphModelFiles): tf.io.ModelArtifacts {
  const { modelTopology, weightsManifest, signature } = parse(json);
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const wanted = weightSpecs.reduce((sum, spec) => sum + bytesOf(spec), 0);
  if (weights.length !== wanted) {
    throw new GraphModelError(`its weights have ${weights.length} bytes and not ${wanted}`);
  }
  // A copy, which is a buffer of its own.
  const weightData = weights.slice().buffer;
  return {
    format: 'graph-model',
    modelTopology,
    weightSpecs,
    weightData,
    ...(signature === undefined ? {} : { signature }),
  };
}

/**
 * Compiles a network for inputs of fixed shapes. Inputs and outputs have the names that the network gives them, such as
 * `Identity:0`. The weights become constants of the graph.
 *
 * @throws GraphModelError, UnsupportedKernelError; ImpureStepError where a shape depends on the data
 */
export async function compileGraphModel(
  files: GraphModelFiles,
  inputs: Readonly<Record<string, TensorSpec>>,
  options: CompileOptions = {},
): Promise<CompiledFunction> {
  const artifacts = artifactsOf(files);
  const { loadGraphModelSync } = await import('@tensorflow/tfjs-converter');
  return compileFunction(
    (_params: object, tensors: Tree<tf.Tensor>) => {
      // Within the trace: its weights are constants of the graph.
      const model = loadGraphModelSync(artifacts);
      const results = model.execute(tensors as tf.NamedTensorMap, model.outputNodes);
      const tensorsOf = Array.isArray(results) ? results : [results];
      return Object.fromEntries(
        tensorsOf.map((tensor, i) => [model.outputNodes[i] as string, tensor]),
      );
    },
    { params: {}, inputs },
    options,
  );
}
