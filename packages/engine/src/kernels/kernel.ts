import type { Builder, Value } from '../graph.ts';

// biome-ignore lint/suspicious/noExplicitAny: tfjs hands attributes over untyped, each kernel knows its own.
export type KernelAttributes = Readonly<Record<string, any>>;

export interface KernelCall {
  readonly b: Builder;
  /** By tfjs's names; kernels with a list of inputs have 0, 1, 2 ... */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly attributes: KernelAttributes;
  /** Throws UnsupportedKernelError: the kernel exists, but not for these arguments. */
  readonly fail: (why: string) => never;
}

/** Translates one tfjs kernel into nodes. */
export type Kernel = (call: KernelCall) => Value | Value[];
export type KernelTable = Readonly<Record<string, Kernel>>;

/** A named input that the kernel always has. */
export function need(inputs: Readonly<Record<string, Value>>, name: string): Value {
  const value = inputs[name];
  if (value === undefined) throw new TypeError(`Kernel input '${name}' is absent`);
  return value;
}

/** tfjs axis attribute (number, list or absent = all) as sorted non-negative axes. */
export function axesOf(
  axis: number | readonly number[] | null | undefined,
  rank: number,
): number[] {
  const list =
    axis === undefined || axis === null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat();
  return list.map((a) => (a < 0 ? a + rank : a)).sort((p, q) => p - q);
}

export const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
