/** Compares single DCGAN steps with what PyTorch computed from the same states (bench/engine/peer/parity.py). */
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  compileStep,
  flattenTree,
  type HostTensor,
  type StepOptions,
  type Tree,
  unflattenTree,
} from '../src/index.ts';
import { batchSpec, type DcganSize, initialState, step } from './dcgan.ts';

type Truth = Readonly<Record<string, HostTensor>>;

/** The batch in the file, or that of the formulas of batch_of in parity.py. */
function batchOf(truth: Truth, step: number, size: DcganSize) {
  const [images, latent] = [truth[`${step}.batch.images`], truth[`${step}.batch.latent`]];
  return images && latent ? { images, latent } : formulas(step, size);
}

function formulas(step: number, { batch, latent }: DcganSize) {
  const images = new Float32Array(batch * 64 * 64 * 3);
  let at = 0;
  for (let n = 1; n <= batch; n++) {
    const across = 9 * Math.sin(12.9898 * n + step);
    const down = 9 * Math.sin(78.233 * n + step);
    for (let pixel = 0; pixel < 64 * 64; pixel++) {
      const along = (across * (pixel % 64)) / 64 + (down * Math.floor(pixel / 64)) / 64;
      for (let c = 0; c < 3; c++)
        images[at++] = Math.sin(along + 2 * Math.sin(37.719 * n + c + step));
    }
  }
  const noise = (_: unknown, i: number) => 1.4 * Math.sin(0.37 * i ** 1.01 + step);
  return { images, latent: Float32Array.from({ length: batch * latent }, noise) };
}

export interface StepErrors {
  /** Largest |ours - theirs| of the two losses. */
  readonly loss: number;
  /** Per gradient, |ours - theirs| / |theirs| in the Euclidean norm. */
  readonly gradients: Record<string, number>;
}

/** The step with its gradients among the outputs. */
function stepWithGradients(state: unknown, batch: unknown) {
  const result = step(state as Tree<Tensor>, batch as { images: Tensor; latent: Tensor });
  return { state: result.state, outputs: { ...result.outputs, gradients: result.gradients } };
}

function norm(data: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (data[i] as number) ** 2;
  return Math.sqrt(sum);
}

function stateAt(truth: Truth, at: string, size: DcganSize) {
  const like = initialState(size);
  const flat = flattenTree<HostTensor>(like);
  for (const [name, tensor] of Object.entries(flat)) {
    const given = truth[`${at}state.${name}`];
    const isSlot = name.includes('Slots.');
    if (given === undefined && !isSlot) throw new Error(`No ${name} in the fixture`);
    flat[name] = given ?? { ...tensor, data: new Float32Array(tensor.data.length) };
  }
  return unflattenTree(flat, like) as typeof like;
}

/** How far one set of losses and gradients is from another; names as `outputs.*` and `gradients.*`. */
export function stepErrors(ours: Truth, theirs: Truth): StepErrors {
  let loss = 0;
  const gradients: Record<string, number> = {};
  for (const [name, { data }] of Object.entries(ours)) {
    const truth = theirs[name];
    if (truth === undefined) throw new Error(`No ${name} in the fixture`);
    const difference = data.map((x, i) => (x as number) - (truth.data[i] as number));
    if (name.startsWith('gradients')) gradients[name] = norm(difference) / norm(truth.data);
    else loss = Math.max(loss, norm(difference));
  }
  return { loss, gradients };
}

/** What is in the file under a prefix, of the losses and gradients. */
export function resultsAt(truth: Truth, prefix: string): Truth {
  return Object.fromEntries(
    Object.entries(truth)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]): [string, HostTensor] => [name.slice(prefix.length), tensor])
      .filter(([name]) => /^(outputs|gradients)\./.test(name)),
  );
}

/** Losses and gradients of the step that follows `trained` steps, by the engine. */
export async function takeStep(
  truth: Truth,
  trained: number,
  size: DcganSize,
  options: StepOptions,
): Promise<Truth> {
  const spec = { state: stateAt(truth, `${trained}.`, size), batch: batchSpec(size) };
  const compiled = await compileStep(stepWithGradients as never, spec, options);
  const outputs = await compiled.run(batchOf(truth, trained, size));
  await compiled.dispose();
  const named = (name: string) => (name.startsWith('gradients') ? name : `outputs.${name}`);
  return Object.fromEntries(Object.entries(outputs).map(([name, t]) => [named(name), t]));
}
