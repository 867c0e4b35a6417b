import * as tf from '@tensorflow/tfjs-core';
import { ImpureStepError, UnsupportedKernelError } from './errors.ts';
import { registerGradients } from './gradients/index.ts';
import type { Graph, NamedValue } from './graph.ts';
import { flattenTree, type TensorSpec, type Tree, unflattenTree } from './host-tensor.ts';
import {
  RECORDER,
  type Recording,
  type RecordingBackend,
  recordingBackend,
} from './recording-backend.ts';
import { withBackend } from './with-backend.ts';

function inputTensor(
  backend: RecordingBackend,
  recording: Recording,
  name: string,
  spec: TensorSpec,
) {
  const value = recording.builder.input(name, { shape: spec.shape, dtype: spec.dtype });
  return tf.engine().makeTensorFromDataId(backend.hold(value), [...spec.shape], spec.dtype);
}

function namedOutputs(
  backend: RecordingBackend,
  prefix: string,
  tree: Tree<tf.Tensor>,
): NamedValue[] {
  return Object.entries(flattenTree<tf.Tensor>(tree)).map(([name, tensor]) => {
    if (!(tensor instanceof tf.Tensor)) {
      throw new ImpureStepError(`Output '${prefix}${name}' is no tensor`, 'the value returned');
    }
    return { name: `${prefix}${name}`, value: backend.valueAt(tensor) };
  });
}

/** A group of named inputs or outputs; its names get the prefix in the graph. */
export interface InputGroup {
  readonly prefix: string;
  readonly specs: Tree<TensorSpec>;
}

export type Traceable = (...groups: Tree<tf.Tensor>[]) => readonly {
  readonly prefix: string;
  readonly tensors: Tree<tf.Tensor>;
}[];

/** tfjs wraps what its kernels throw only for missing kernels, with a message of its own. */
function translate(error: unknown): unknown {
  const missing = error instanceof Error && /registered kernel '(\w+)'/.exec(error.message);
  return missing ? new UnsupportedKernelError(missing[1] as string, 'the traced function') : error;
}

/**
 * Runs `fn` once on recorded tensors and returns what it did as a graph.
 * @param sites whether its nodes say where model code called them
 * @throws ImpureStepError if it reads values or uses foreign tensors
 * @throws UnsupportedKernelError with the kernel's name and call site
 */
export function trace(fn: Traceable, groups: readonly InputGroup[], sites = false): Graph {
  registerGradients();
  const backend = recordingBackend();
  return withBackend(RECORDER, () =>
    backend.record(sites, (recording) => {
      const engine = tf.engine();
      engine.startScope('trace');
      try {
        const inputs: NamedValue[] = [];
        const trees = groups.map(({ prefix, specs }) => {
          const tensors: Record<string, tf.Tensor> = {};
          for (const [name, spec] of Object.entries(flattenTree<TensorSpec>(specs))) {
            const tensor = inputTensor(backend, recording, `${prefix}${name}`, spec);
            tensors[name] = tensor;
            inputs.push({ name: `${prefix}${name}`, value: backend.valueAt(tensor) });
          }
          return unflattenTree(tensors, specs);
        });
        const outputs = fn(...trees).flatMap((o) => namedOutputs(backend, o.prefix, o.tensors));
        return { inputs, outputs };
      } catch (error) {
        throw translate(error);
      } finally {
        engine.endScope();
      }
    }),
  );
}
