import type { Graph } from '../graph.ts';
import type { DType, HostTensor, TensorSpec } from '../host-tensor.ts';

/** A model for onnxruntime: inputs `state.*` and `batch.*`, outputs `next.*`, `out.*`, `health`. */
export interface Model {
  readonly bytes: Uint8Array;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  /** Axis orders of state tensors inside the graph, where they are not the caller's: physical = logical transposed by this. */
  readonly layouts: Readonly<Record<string, readonly number[]>>;
  /** Names of the float state tensors whose sums `health` holds, in its order. */
  readonly watched: readonly string[];
}

export interface SessionOptions {
  readonly device: 'cpu' | 'cuda';
  /** Which GPU of several; undefined leaves it to onnxruntime. */
  readonly deviceId?: number | undefined;
  /** Threads of the device's own operators; undefined leaves it to onnxruntime (one per core). */
  readonly threads?: number | undefined;
  /** Where to write onnxruntime's profile, as a prefix of the file's name. */
  readonly profilePrefix?: string | undefined;
}

/** A loaded program: on this thread, on a worker or in tfjs. Names are flat. */
export interface Runtime {
  /** One step; resolves to the outputs. After a failure the state is what it was before. */
  run(batch: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>;
  readState(): Promise<Record<string, HostTensor>>;
  writeState(state: Readonly<Record<string, HostTensor>>): Promise<void>;
  /** Ends the profile, if one was asked for, and returns its file. */
  endProfile(): Promise<string | undefined>;
  dispose(): Promise<void>;
}

export const STATE = 'state.';
export const BATCH = 'batch.';
export const NEXT = 'next.';
export const OUT = 'out.';
export const HEALTH = 'health';

/** Shapes and types of the outputs with a prefix, by what follows it. */
export const outputSpecs = (graph: Graph, prefix: string): Record<string, TensorSpec> =>
  Object.fromEntries(
    graph.outputs
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, value: { shape, dtype } }) => [
        name.slice(prefix.length),
        { shape, dtype: dtype as DType },
      ]),
  );
