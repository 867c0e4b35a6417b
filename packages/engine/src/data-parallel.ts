/**
 * Data-parallel training: each replica (a worker thread, or a device) computes the gradients of its share of the batch,
 * and one update by their mean changes the only state there is. Parameters and gradients lie in memory that all threads
 * share.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkState } from './compile.ts';
import { EngineError, NonFiniteError, ShapeMismatchError } from './errors.ts';
import { type Plain, type PlainStep, plain, type TensorsOf } from './functions.ts';
import {
  bindBatch,
  branchOf,
  describeSpec,
  flattenTree,
  type HostTensor,
  leafOf,
  type TensorData,
  type TensorSpec,
  type Tree,
  unflattenTree,
} from './host-tensor.ts';
import { type CompileOptions, createLoader, loadStep } from './load-step.ts';
import type { Runtime } from './runtimes/runtime.ts';
import { createShared } from './runtimes/shared-tensors.ts';

/** What is trained: `params` are differentiated, all else (an optimizer's slots, averages) is the update's alone. */
export interface ParallelState {
  readonly params: Tree<HostTensor>;
  readonly [name: string]: Tree<HostTensor>;
}

export interface ParallelStep<S extends ParallelState, B extends Tree<TensorSpec>> {
  /**
   * The gradients of a loss that is a *mean* over the share, in a tree with the names of `params`. The mean of these over
   * equal shares is the gradient of the mean over the whole batch, as long as each example counts alone; batch
   * normalization has the statistics of its own share.
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
const SHARE = 'share';
const OUTPUTS = 'outputs';

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

/** A parallel step for any trees of tensors. */
interface PlainParallelStep {
  readonly gradients: Plain<{ readonly gradients: Tree<Tensor>; readonly outputs: Tree<Tensor> }>;
  readonly update: Plain<Tree<Tensor>>;
}

/** Parameters in, gradients out: a step without state. */
function gradientStep(
  { gradients }: PlainParallelStep,
  params: Readonly<Record<string, TensorSpec>>,
): PlainStep {
  return (_, batch) => {
    const result = gradients(branchOf(batch, PARAMS), branchOf(batch, SHARE));
    const flat = flattenTree<Tensor>(result.gradients);
    for (const [name, spec] of Object.entries(params)) {
      const given = flat[name];
      const actual = given === undefined ? 'none' : describeSpec(given);
      if (actual !== describeSpec(spec)) {
        throw new ShapeMismatchError(`The gradient of '${name}'`, describeSpec(spec), actual);
      }
    }
    return { state: {}, outputs: { gradients: result.gradients, outputs: result.outputs } };
  };
}

/** The mean over the replicas, always summed in their order, and the update. */
function updateStep(
  { update }: PlainParallelStep,
  count: number,
  params: Tree<HostTensor>,
): PlainStep {
  return (state, batch) => {
    const all = Array.from({ length: count }, (_, replica) =>
      flattenTree<Tensor>(branchOf(batch, `replica${replica}`)),
    );
    const means = Object.keys(flattenTree<HostTensor>(params)).map((name) => {
      const sum = tf.addN(all.map((gradients) => leafOf(gradients, name)));
      return [name, count === 1 ? sum : tf.mul(sum, 1 / count)] as const;
    });
    const next = update(state, unflattenTree(Object.fromEntries(means), params));
    return { state: next, outputs: { params: branchOf(next, PARAMS) } };
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

async function loadParts(
  step: PlainParallelStep,
  spec: { readonly state: ParallelState; readonly batch: Tree<TensorSpec> },
  options: readonly CompileOptions[],
): Promise<Parts> {
  const { params } = spec.state;
  const initial = flattenTree<HostTensor>(params);
  const sharedParams = sharedLike(initial);
  for (const [name, { data }] of Object.entries(initial)) leafOf(sharedParams, name).data.set(data);
  const batch = { params, share: spec.batch };
  const loadReplica = createLoader(gradientStep(step, initial), { state: {}, batch });
  const inputs: Record<string, HostTensor> = {};
  const replicas: Runtime[] = [];
  try {
    for (const [index, own] of options.entries()) {
      const gradients = sharedLike(initial);
      Object.assign(inputs, prefixed(`replica${index}`, gradients));
      const outputs = prefixed(GRADIENTS, gradients);
      const shared = { inputs: prefixed(PARAMS, sharedParams), outputs };
      replicas.push(await loadReplica({ ...own, shared }));
    }
    const names = options.map((_, index) => `replica${index}`);
    const means = Object.fromEntries(names.map((name) => [name, params]));
    const body = updateStep(step, options.length, params);
    const shared = { inputs, outputs: prefixed(PARAMS, sharedParams) };
    const updateSpec = { state: spec.state, batch: means };
    const updater = await loadStep(body, updateSpec, { ...options[0], shared });
    return { replicas, updater, params: sharedParams };
  } catch (error) {
    await disposeAll(replicas);
    throw error;
  }
}

/**
 * Compiles a training whose batch is divided among replicas.
 *
 * N replicas with shares of B examples equal one with N x B up to the rounding of float32 sums, where every example counts
 * alone. With batch normalization they equal the mean of the gradients of N batches of B, each with its own statistics.
 * Repeated, a run gives the same bits for the same replicas, shares and threads.
 * @throws ImpureStepError, UnsupportedKernelError, ShapeMismatchError, DynamicShapeError, ProviderMissingError
 */
export async function compileParallel<S extends ParallelState, B extends Tree<TensorSpec>>(
  step: ParallelStep<S, B>,
  spec: { readonly state: S; readonly batch: B },
  options: ParallelOptions,
): Promise<ParallelTraining<S>> {
  const each = replicaOptions(options);
  const plainStep = {
    gradients: plain<S['params'], B, ReturnType<typeof step.gradients>>((p, s) =>
      step.gradients(p, s),
    ),
    update: plain<S, S['params'], Tree<Tensor>>((s, gradients) => step.update(s, gradients)),
  };
  const { replicas, updater, params } = await loadParts(plainStep, spec, each);
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
        const bound = shares.map((share) => prefixed(SHARE, bindBatch(share, shareSpecs)));
        const results = await runAll(replicas, bound);
        await updater.run({});
        return results.map((result) =>
          Object.fromEntries(
            Object.entries(result).map(([name, tensor]) => [
              name.slice(OUTPUTS.length + 1),
              tensor,
            ]),
          ),
        );
      });
    },
    readState: () => take(async () => unflattenTree(await updater.readState(), spec.state) as S),
    writeState: (state) =>
      take(async () => {
        const flat = flattenTree<HostTensor>(state);
        checkState(flat, stateSpecs);
        await updater.writeState(flat);
        for (const [name, { data }] of Object.entries(params)) {
          data.set(leafOf(flat, `${PARAMS}.${name}`).data);
        }
      }),
    dispose: () => take(() => disposeAll([...replicas, updater])),
  };
}
