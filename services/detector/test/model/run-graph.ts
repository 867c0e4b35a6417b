/** Runs a function of tensors once through the engine. */
import { compileFunction, type HostTensor, type Tree, type tf } from '@deepstyle/engine';

export type Inputs = Readonly<Record<string, HostTensor>>;

export const floats = (shape: readonly number[], data: ArrayLike<number>): HostTensor => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from(data),
});
export const integers = (shape: readonly number[], data: ArrayLike<number>): HostTensor => ({
  shape,
  dtype: 'int32',
  data: Int32Array.from(data),
});

export async function runGraph(
  fn: (inputs: Record<string, tf.Tensor>) => Tree<tf.Tensor>,
  inputs: Inputs,
  threads = 2,
): Promise<Record<string, number[]>> {
  const compiled = await compileFunction(
    (_, tensors) => fn(tensors as Record<string, tf.Tensor>),
    { params: {}, inputs },
    { inProcess: true, threads },
  );
  try {
    const outputs = await compiled.run(inputs);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data)]),
    );
  } finally {
    await compiled.dispose();
  }
}
