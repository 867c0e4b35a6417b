/** The functions that are compiled: as callers write them, and as the engine calls them. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { HostTensor, TensorSpec, Tree } from './host-tensor.ts';

/** The tensors that a function receives for a tree of host tensors or specs. */
export type TensorsOf<S> = S extends { readonly shape: readonly number[]; readonly dtype: string }
  ? Tensor
  : { readonly [K in keyof S]: TensorsOf<S[K]> };

export interface StepResult {
  readonly state: Tree<Tensor>;
  readonly outputs: Tree<Tensor>;
}

export type StepFunction<S, B> = (state: TensorsOf<S>, batch: TensorsOf<B>) => StepResult;

export interface StepSpec<
  S extends Tree<HostTensor> = Tree<HostTensor>,
  B extends Tree<TensorSpec> = Tree<TensorSpec>,
> {
  readonly state: S;
  readonly batch: B;
}

export type InferenceFunction<P, I> = (params: TensorsOf<P>, inputs: TensorsOf<I>) => Tree<Tensor>;

export interface FunctionSpec<
  P extends Tree<HostTensor> = Tree<HostTensor>,
  I extends Tree<TensorSpec> = Tree<TensorSpec>,
> {
  readonly params: P;
  readonly inputs: I;
}

/** A function of any trees of tensors. */
export type Plain<Result> = (first: Tree<Tensor>, second: Tree<Tensor>) => Result;
export type PlainStep = Plain<StepResult>;
export type PlainFunction = Plain<Tree<Tensor>>;

/** The same function for the engine, which makes its arguments by the specs that are their types. */
export const plain = <A, B, Result>(
  fn: (first: TensorsOf<A>, second: TensorsOf<B>) => Result,
): Plain<Result> => fn as unknown as Plain<Result>;
