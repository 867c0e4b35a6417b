import * as tf from '@tensorflow/tfjs-core';
import { NonFiniteError } from '../errors.ts';
import type { PlainStep, StepSpec } from '../functions.ts';
import { checkNextState, flattenTree, type HostTensor, unflattenTree } from '../host-tensor.ts';
import { withBackend } from '../with-backend.ts';
import { checkFinite } from './finite.ts';
import type { Runtime } from './runtime.ts';
import { type EagerDevice, loadBackend } from './tfjs-backend.ts';

type FlatTensors = Record<string, tf.Tensor>;

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

/** Where the tensors are: one number per tensor comes back, 0 where all elements are finite and NaN elsewhere. */
function checkFiniteThere(step: number, tensors: FlatTensors): void {
  const floats = Object.entries(tensors).filter(([, { dtype }]) => dtype === 'float32');
  if (floats.length === 0) return;
  const marks = tf.stack(floats.map(([, tensor]) => tf.sum(tf.mul(tensor, 0)))).dataSync();
  const bad = marks.findIndex((mark) => mark !== 0);
  if (bad >= 0) throw new NonFiniteError(step, (floats[bad] as [string, tf.Tensor])[0]);
}

/** Runs the step by tfjs's own kernels, operation by operation, on this thread. */
export async function createEagerRuntime(
  step: PlainStep,
  spec: StepSpec,
  device: EagerDevice,
  folder?: string,
): Promise<Runtime> {
  const backend = await loadBackend(device, folder);
  const on = <T>(body: () => T): T => withBackend(backend, body);
  const initial = flattenTree<HostTensor>(spec.state);
  let state = on(() => uploadAll(initial));
  let count = 0;

  const once = (batch: Readonly<Record<string, HostTensor>>) => {
    const engine = tf.engine();
    engine.startScope('step');
    try {
      const inputs = unflattenTree(uploadAll(batch), spec.batch);
      const result = step(unflattenTree(state, spec.state), inputs);
      const outputs = downloadAll(flattenTree<tf.Tensor>(result.outputs));
      checkFinite(count, outputs);
      const next = flattenTree<tf.Tensor>(result.state);
      checkNextState(next, initial);
      checkFiniteThere(count, next);
      const kept: FlatTensors = {};
      for (const name of Object.keys(initial)) {
        kept[name] = tf.keep(tf.clone(next[name] as tf.Tensor));
      }
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
        state = {};
      });
    },
  };
}
