/**
 * Data-parallel training: each replica (a worker thread, or a device) computes the gradients of its share of the batch,
 * and one update by their mean changes the only state there is. Parameters and gradients lie in memory that all threads
 * share.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkState, type TensorsOf } from './compile.ts';
import { EngineError, NonFiniteError, ShapeMismatchError } from './errors.ts';
import {
  bindBatch,
  describeSpec,
  flattenTree,
  type HostTensor,
  type TensorData,
  type TensorSpec,
  type Tree,
  unflattenTree,
} from './host-tensor.ts';
import { type CompileOptions, type LoadOptions, loadStep } from './load-step.ts';
import type { EagerStep } from './runtimes/eager.ts';
import type { Runtime } from './runtimes/runtime.ts';
import { createShared } from './runtimes/shared-tensors.ts';

/** What is trained: `params` are differentiated, all else (an optimiser's slots, averages) is the update's alone. */
export interface ParallelState {
  readonly params: Tree<HostTensor>;
  readonly [name: string]: Tree<HostTensor>;
}

export interface ParallelStep<S extends ParallelState, B extends Tree<TensorSpec>> {
  /**
   * The gradients of a loss that is a *mean* over the share, in a tree with the names of `params`. The mean of these over
   * equal shares is the gradient of the mean over the whole batch, as long as each example counts alone; batch
   * normalisation has the statistics of its own share.
   */
  gradients(
    params: TensorsOf<S['params']>,
    share: TensorsOf<B>,
  ): { readonly gradients: Tree<Tensor>; readonly outputs: Tree<Tensor> };
  /** The next state after one update by the mean gradients. */
  update(state: TensorsOf<S>, gradients: TensorsOf<S['params']>): Tree<Tensor>;
}

export interface ParallelOptions extends CompileOptions {
  /** How many on this device, or the options of each (`[{device: 'cuda', deviceId: 0}, ...]`). */
  readonly replicas: number | readonly CompileOptions[];
}

export interface ParallelTraining<S extends ParallelState> {
  /**
   * One update from one share per replica; resolves to each replica's outputs by flat name.
   * @throws NonFiniteError naming replica and tensor; the state before is kept
   */
  run(
    shares: readonly Tree<HostTensor | TensorData>[],
  ): Promise<readonly Record<string, HostTensor>[]>;
  /** A copy of the state. */
  readState(): Promise<S>;
  /** @throws CheckpointMismatchError */
  writeState(state: Tree<HostTensor>): Promise<void>;
  dispose(): Promise<void>;
}

type Flat = Record<string, HostTensor>;
const GRADIENTS = 'gradients';
const PARAMS = 'params';

const prefixed = <T>(prefix: string, flat: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(flat).map(([name, tensor]) => [`${prefix}.${name}`, tensor]));

const sharedLike = (specs: Readonly<Record<string, TensorSpec>>): Flat =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, createShared(spec)]));

function replicaOptions({ replicas, ...rest }: ParallelOptions): CompileOptions[] {
  const options =
    typeof replicas === 'number' ? Array.from({ length: replicas }, () => ({})) : replicas;
  if (options.length === 0 || !Number.isSafeInteger(options.length)) {
    throw new EngineError('NO_REPLICA', `Training needs at least one replica, got ${replicas}.`);
  }
  return options.map((own) => ({ ...rest, ...own }));
}

/** Parameters in, gradients out: a step without state. */
function gradientStep<S extends ParallelState, B extends Tree<TensorSpec>>(
  { gradients }: ParallelStep<S, B>,
  params: Readonly<Record<string, TensorSpec>>,
): EagerStep {
  return (_, batch) => {
    const result = gradients(batch.params as never, batch.share as never);
    const flat = flattenTree<Tensor>(result.gradients);
    for (const [name, spec] of Object.entries(params)) {
      const given = flat[name] as TensorSpec | undefined;
      const actual = given === undefined ? 'none' : describeSpec(given);
      if (actual !== describeSpec(spec)) {
        throw new ShapeMismatchError(`The gradient of '${name}'`, describeSpec(spec), actual);
      }
    }
    return { state: {}, outputs: { gradients: result.gradients, outputs: result.outputs } };
  };
}

/** The mean over the replicas, always summed in their order, and the update. */
function updateStep<S extends ParallelState, B extends Tree<TensorSpec>>(
  { update }: ParallelStep<S, B>,
  count: number,
  params: Tree<object>,
): EagerStep {
  return (state, batch) => {
    const all = Array.from({ length: count }, (_, replica) =>
      flattenTree<Tensor>(batch[`replica${replica}`] as Tree<Tensor>),
    );
    const means = Object.keys(all[0] ?? {}).map((name) => {
      const sum = tf.addN(all.map((gradients) => gradients[name] as Tensor));
      return [name, count === 1 ? sum : tf.mul(sum, 1 / count)] as const;
    });
    const mean = unflattenTree(Object.fromEntries(means), params);
    const next = update(state as never, mean as never);
    return { state: next, outputs: { params: next.params as Tree<Tensor> } };
  };
}

/** Runs what it is given one after another, whatever comes of it. */
function inTurn() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(body: () => Promise<T>): Promise<T> => {
    const next = last.then(body);
    last = next.catch(() => undefined);
    return next;
  };
}

/** All runs, to their end; the first failure is thrown with its replica's name. */
async function runAll(replicas: readonly Runtime[], shares: readonly Flat[]): Promise<Flat[]> {
  const settled = await Promise.allSettled(
    replicas.map((replica, index) => replica.run(shares[index] as Flat)),
  );
  return settled.map((result, index) => {
    if (result.status === 'fulfilled') return result.value;
    const { reason } = result;
    if (!(reason instanceof NonFiniteError)) throw reason;
    throw new NonFiniteError(reason.step, `replica ${index}: ${reason.tensor}`);
  });
}

async function disposeAll(runtimes: readonly Runtime[]): Promise<void> {
  await Promise.all(runtimes.map((runtime) => runtime.dispose()));
}

interface Parts {
  readonly replicas: readonly Runtime[];
  readonly updater: Runtime;
  /** The parameters that the replicas read. */
  readonly params: Flat;
}

async function loadParts<S extends ParallelState, B extends Tree<TensorSpec>>(
  step: ParallelStep<S, B>,
  spec: { readonly state: S; readonly batch: B },
  options: readonly CompileOptions[],
): Promise<Parts> {
  const initial = flattenTree<HostTensor>(spec.state.params);
  const params = sharedLike(initial);
  for (const [name, { data }] of Object.entries(initial))
    (params[name] as HostTensor).data.set(data);
  const gradients = options.map(() => sharedLike(initial));
  const replicas: Runtime[] = [];
  const load = async (body: EagerStep, given: Parameters<typeof loadStep>[1], to: LoadOptions) => {
    try {
      return await loadStep(body, given, to);
    } catch (error) {
      await disposeAll(replicas);
      throw error;
    }
  };
  for (const [index, own] of options.entries()) {
    const batch = { params: spec.state.params, share: spec.batch };
    const outputs = prefixed(GRADIENTS, gradients[index] as Flat);
    const shared = { inputs: prefixed(PARAMS, params), outputs };
    const body = gradientStep(step, initial);
    replicas.push(await load(body, { state: {}, batch }, { ...own, shared }));
  }
  const names = options.map((_, index) => `replica${index}`);
  const batch = Object.fromEntries(names.map((name) => [name, spec.state.params]));
  const inputs = Object.assign({}, ...names.map((name, i) => prefixed(name, gradients[i] as Flat)));
  const shared = { inputs, outputs: prefixed(PARAMS, params) };
  const body = updateStep(step, options.length, spec.state.params);
  const updater = await load(body, { state: spec.state, batch }, { ...options[0], shared });
  return { replicas, updater, params };
}

/**
 * Compiles a training whose batch is divided among replicas.
 *
 * N replicas with shares of B examples equal one with N x B up to the rounding of float32 sums, where every example counts
 * alone. With batch normalisation they equal the mean of the gradients of N batches of B, each with its own statistics.
 * Repeated, a run gives the same bits for the same replicas, shares and threads.
 * @throws ImpureStepError, UnsupportedKernelError, ShapeMismatchError, DynamicShapeError, ProviderMissingError
 */
export async function compileParallel<S extends ParallelState, B extends Tree<TensorSpec>>(
  step: ParallelStep<S, B>,
  spec: { readonly state: S; readonly batch: B },
  options: ParallelOptions,
): Promise<ParallelTraining<S>> {
  const each = replicaOptions(options);
  const { replicas, updater, params } = await loadParts(step, spec, each);
  const shareSpecs = flattenTree<TensorSpec>(spec.batch);
  const stateSpecs = flattenTree<HostTensor>(spec.state);
  const take = inTurn();
  return {
    run(shares) {
      return take(async () => {
        if (shares.length !== replicas.length) {
          throw new ShapeMismatchError(
            'The batch',
            `${replicas.length} shares`,
            `${shares.length}`,
          );
        }
        const bound = shares.map((share) => prefixed('share', bindBatch(share, shareSpecs)));
        const results = await runAll(replicas, bound);
        await updater.run({});
        return results.map((result) =>
          Object.fromEntries(
            Object.entries(result).map(([name, tensor]) => [name.slice('outputs.'.length), tensor]),
          ),
        );
      });
    },
    readState: () =>
      take(async () => unflattenTree(await updater.readState(), spec.state) as unknown as S),
    writeState: (state) =>
      take(async () => {
        const flat = flattenTree<HostTensor>(state);
        checkState(flat, stateSpecs);
        await updater.writeState(flat);
        for (const [name, { data }] of Object.entries(params)) {
          data.set((flat[`${PARAMS}.${name}`] as HostTensor).data);
        }
      }),
    dispose: () => take(() => disposeAll([...replicas, updater])),
  };
}
