import * as tf from '@tensorflow/tfjs-core';
import { NonFiniteError, ProviderMissingError } from '../errors.ts';
import { registerGradients } from '../gradients/index.ts';
import { flattenTree, type HostTensor, type Tree, unflattenTree } from '../host-tensor.ts';
import { firstNonFinite } from './finite.ts';
import type { Runtime } from './runtime.ts';

export type EagerDevice = 'tfjs' | 'tfjs-node';
type FlatTensors = Record<string, tf.Tensor>;

export type EagerStep = (
  state: Tree<tf.Tensor>,
  batch: Tree<tf.Tensor>,
) => { readonly state: Tree<tf.Tensor>; readonly outputs: Tree<tf.Tensor> };

const INSTALL_NODE =
  "Install '@tensorflow/tfjs-node' or '@tensorflow/tfjs-node-gpu' and its addon " +
  '(packages/engine/scripts/install-tfjs-node.sh builds it against a TensorFlow wheel).';

async function importFirst(names: readonly string[]): Promise<void> {
  let last: unknown;
  for (const name of names) {
    try {
      await import(name);
      return;
    } catch (error) {
      last = error;
    }
  }
  throw new ProviderMissingError('tfjs-node', INSTALL_NODE, { cause: last });
}

/** Loads the backend and returns tfjs's name for it. */
async function loadBackend(device: EagerDevice): Promise<string> {
  if (device === 'tfjs') {
    await import('@tensorflow/tfjs-backend-cpu');
    return 'cpu';
  }
  await importFirst(['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']);
  return 'tensorflow';
}

const upload = (tensor: HostTensor): tf.Tensor =>
  tf.tensor(tensor.data.slice() as Float32Array, [...tensor.shape], tensor.dtype);

const download = (tensor: tf.Tensor): HostTensor => ({
  shape: [...tensor.shape],
  dtype: tensor.dtype as HostTensor['dtype'],
  data: Float32Array.prototype.slice.call(tensor.dataSync()) as Float32Array,
});

function uploadAll(flat: Readonly<Record<string, HostTensor>>): FlatTensors {
  return Object.fromEntries(Object.entries(flat).map(([name, tensor]) => [name, upload(tensor)]));
}

function downloadAll(flat: FlatTensors): Record<string, HostTensor> {
  return Object.fromEntries(Object.entries(flat).map(([name, tensor]) => [name, download(tensor)]));
}

function checkFinite(step: number, tensors: Readonly<Record<string, HostTensor>>): void {
  for (const [name, { data, dtype }] of Object.entries(tensors)) {
    if (dtype === 'float32' && firstNonFinite(data as Float32Array) >= 0) {
      throw new NonFiniteError(step, name);
    }
  }
}

/** Runs the step by tfjs's own kernels, operation by operation, on this thread. */
export async function createEagerRuntime(
  step: EagerStep,
  initial: Readonly<Record<string, HostTensor>>,
  trees: { readonly state: Tree<object>; readonly batch: Tree<object> },
  device: EagerDevice,
): Promise<Runtime> {
  const backend = await loadBackend(device);
  registerGradients();
  /** tfjs has one current backend per process; it is set for the duration of a synchronous body. */
  const on = <T>(body: () => T): T => {
    const engine = tf.engine();
    const before = engine.backendName;
    void engine.setBackend(backend);
    try {
      return body();
    } finally {
      if (before) void engine.setBackend(before);
    }
  };
  let state = on(() => uploadAll(initial));
  let count = 0;

  const once = (batch: Readonly<Record<string, HostTensor>>) => {
    const engine = tf.engine();
    engine.startScope('step');
    try {
      const inputs = unflattenTree(uploadAll(batch), trees.batch);
      const result = step(unflattenTree(state, trees.state), inputs);
      const outputs = downloadAll(flattenTree<tf.Tensor>(result.outputs));
      checkFinite(count, outputs);
      const next = flattenTree<tf.Tensor>(result.state);
      checkFinite(count, downloadAll(next));
      const kept: FlatTensors = {};
      for (const [name, tensor] of Object.entries(next)) kept[name] = tf.keep(tf.clone(tensor));
      for (const tensor of Object.values(state)) tensor.dispose();
      state = kept;
      return outputs;
    } finally {
      engine.endScope();
    }
  };

  return {
    async run(batch) {
      count++;
      checkFinite(count, batch);
      return on(() => once(batch));
    },
    readState: async () => on(() => downloadAll(state)),
    async writeState(values) {
      on(() => {
        for (const [name, tensor] of Object.entries(values)) {
          state[name]?.dispose();
          state[name] = upload(tensor);
        }
      });
    },
    endProfile: async () => undefined,
    async dispose() {
      on(() => {
        for (const tensor of Object.values(state)) tensor.dispose();
      });
    },
  };
}
