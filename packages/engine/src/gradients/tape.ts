import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedGradientError } from '../errors.ts';

interface TapeNode {
  readonly id: number;
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Of an output the tape reads the id alone. */
  readonly outputs: readonly { readonly id: number }[];
  readonly saved: readonly tf.Tensor[];
  gradient?: (dys: tf.Tensor[]) => unknown;
}

type Inputs = Readonly<Record<string, tf.Tensor | null | undefined>>;
type Forward = (backend: unknown, save: unknown) => tf.Tensor;

/** What tfjs has private of its tape. */
interface Taping {
  readonly state: {
    readonly activeTape: TapeNode[];
    readonly gradientDepth: number;
    readonly kernelDepth: number;
    nextTapeNodeId: number;
  };
  nextTensorId(): number;
  getTensorsForGradient(kernel: string, inputs: Inputs, outputs: tf.Tensor[]): Inputs[string][];
  addTapeNode(
    kernel: string,
    inputs: Inputs,
    outputs: tf.Tensor[],
    gradient: unknown,
    saved: readonly tf.Tensor[],
    attributes: unknown,
  ): void;
  runKernelFunc(call: { readonly forwardFunc?: Forward }): tf.Tensor | tf.Tensor[];
}

/** tfjs names a tf.customGrad for the operation around it. */
const plainName = (kernel: string): string => kernel.replace(/__op$/, '');

const present = (inputs: Inputs): Inputs =>
  Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor));

/**
 * Notes a kernel before the copies of the tensors that it saved. tfjs does the reverse: a saved output then counts as a
 * constant, and every gradient of a gradient that reads one is wrong.
 */
function noteBeforeCopies(taping: Taping): void {
  const note = taping.addTapeNode.bind(taping);
  taping.addTapeNode = (kernel, inputs, outputs, gradient, saved, attributes) => {
    const tape = taping.state.activeTape;
    const copies = tape.splice(tape.length - saved.length);
    note(kernel, present(inputs), outputs, gradient, saved, attributes);
    const node = tape.at(-1) as TapeNode;
    node.gradient ??= () => {
      throw new UnsupportedGradientError(plainName(kernel));
    };
    tape.push(...copies);
  };
}

/** Saves what is there of the inputs: some may be left out, such as the scale of a normalization. */
function savePresent(taping: Taping): void {
  const tensorsFor = taping.getTensorsForGradient.bind(taping);
  taping.getTensorsForGradient = (kernel, inputs, outputs) =>
    tensorsFor(kernel, inputs, outputs).filter(Boolean);
}

/**
 * The tape does not see what a tf.customGrad computes on its way. Where that is read by a gradient that is differentiated
 * itself, it would count as a constant: this refuses.
 */
function refuseUnseen(taping: Taping): void {
  const run = taping.runKernelFunc.bind(taping);
  const { state } = taping;
  taping.runKernelFunc = (call) => {
    const { forwardFunc } = call;
    const isNested = state.gradientDepth > 1 && state.kernelDepth === 0;
    if (forwardFunc === undefined || !isNested) return run(call);
    let [first, end] = [0, 0];
    const watched: Forward = (backend, save) => {
      first = taping.nextTensorId();
      const value = forwardFunc(backend, save);
      end = taping.nextTensorId();
      return value;
    };
    const value = run({ ...call, forwardFunc: watched }) as tf.Tensor;
    const place = state.activeTape.findLastIndex(({ outputs }) => outputs.includes(value));
    const { kernelName, inputs } = state.activeTape[place] as TapeNode;
    const noted = new Set(
      state.activeTape.slice(place).flatMap(({ outputs }) => outputs.map(({ id }) => id)),
    );
    const ids = Array.from({ length: end - first }, (_, i) => first + i);
    state.activeTape.splice(place + 1, 0, {
      id: state.nextTapeNodeId++,
      kernelName,
      inputs,
      outputs: ids.filter((id) => !noted.has(id)).map((id) => ({ id })),
      saved: [],
      gradient: () => {
        const why =
          'has a gradient that reads what its forward pass made on the way, so none of second order';
        throw new UnsupportedGradientError(plainName(kernelName), why);
      },
    });
    return value;
  };
}

/** Makes tfjs's tape good for gradients of gradients; once per engine, of which all copies of tfjs share one. */
export function mendTape(): void {
  const taping = tf.engine() as unknown as Taping;
  if (Object.hasOwn(taping, 'addTapeNode')) return;
  noteBeforeCopies(taping);
  savePresent(taping);
  refuseUnseen(taping);
}
