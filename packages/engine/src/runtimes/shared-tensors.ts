import { createData, elementCount, type HostTensor, type TensorSpec } from '../host-tensor.ts';
import type { Runtime } from './runtime.ts';

/** Batch tensors that a program reads from, and outputs that it writes to memory shared between threads. */
export interface SharedTensors {
  readonly inputs: Readonly<Record<string, HostTensor>>;
  readonly outputs: Readonly<Record<string, HostTensor>>;
}

/** Zeros in memory that every thread sees when the tensor is posted to it. */
export function createShared({ shape, dtype }: TensorSpec): HostTensor {
  const length = elementCount(shape);
  const bytes = new SharedArrayBuffer(length * createData(dtype, 0).BYTES_PER_ELEMENT);
  if (dtype === 'float32') return { shape, dtype, data: new Float32Array(bytes) };
  return { shape, dtype, data: dtype === 'int32' ? new Int32Array(bytes) : new Uint8Array(bytes) };
}

/** Completes each batch by the shared inputs, and takes the shared outputs out of the result. */
export function withSharedTensors(runtime: Runtime, shared: SharedTensors): Runtime {
  // onnxruntime takes no tensor in shared memory: each thread has a copy of its own.
  const own = Object.fromEntries(
    Object.entries(shared.inputs).map(([name, tensor]) => [
      name,
      { ...tensor, data: createData(tensor.dtype, tensor.data.length) },
    ]),
  );
  return {
    async run(batch) {
      for (const [name, { data }] of Object.entries(own)) {
        data.set((shared.inputs[name] as HostTensor).data);
      }
      const outputs = await runtime.run({ ...batch, ...own });
      for (const [name, { data }] of Object.entries(shared.outputs)) {
        data.set((outputs[name] as HostTensor).data);
        delete outputs[name];
      }
      return outputs;
    },
    readState: () => runtime.readState(),
    writeState: (state) => runtime.writeState(state),
    endProfile: () => runtime.endProfile(),
    dispose: () => runtime.dispose(),
  };
}
