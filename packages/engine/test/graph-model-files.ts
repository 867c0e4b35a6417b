/** Writes small networks in TensorFlow.js's graph format. */
import { createRandom, type GraphModelFiles, type TensorSpec } from '../src/index.ts';

export type Attributes = Readonly<Record<string, object>>;

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Attributes as TensorFlow writes them into JSON. */
export const attribute = {
  integer: (value: number) => ({ i: String(value) }),
  integers: (...values: number[]) => ({ list: { i: values.map(String) } }),
  text: (value: string) => ({ s: base64(value) }),
  texts: (...values: string[]) => ({ list: { s: values.map(base64) } }),
  flag: (b: boolean) => ({ b }),
  type: (name: 'FLOAT' | 'INT32') => ({ type: `DT_${name}` }),
};

interface Weight extends TensorSpec {
  readonly name: string;
  readonly data: Float32Array | Int32Array;
}

export class GraphModelWriter {
  readonly #nodes: object[] = [];
  readonly #weights: Weight[] = [];
  readonly #random = createRandom('graph model');

  input(name: string, shape: readonly number[], type: 'FLOAT' | 'INT32'): string {
    const dim = shape.map((size) => ({ size: String(size) }));
    this.#nodes.push({
      name,
      op: 'Placeholder',
      attr: { dtype: attribute.type(type), shape: { shape: { dim } } },
    });
    return name;
  }

  node(name: string, op: string, input: readonly string[], attr: Attributes = {}): string {
    this.#nodes.push({ name, op, input, attr });
    return name;
  }

  #constant(weight: Weight): string {
    this.#weights.push(weight);
    const dtype = attribute.type(weight.dtype === 'int32' ? 'INT32' : 'FLOAT');
    this.#nodes.push({ name: weight.name, op: 'Const', attr: { dtype } });
    return weight.name;
  }

  integers(name: string, values: readonly number[], shape: readonly number[] = [values.length]) {
    return this.#constant({ name, shape, dtype: 'int32', data: Int32Array.from(values) });
  }

  floats(name: string, values: readonly number[], shape: readonly number[] = [values.length]) {
    return this.#constant({ name, shape, dtype: 'float32', data: Float32Array.from(values) });
  }

  /** Weights in [-0.5, 0.5). */
  drawn(name: string, ...shape: number[]): string {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = this.#random.uniform(count, -0.5, 0.5);
    return this.#constant({ name, shape, dtype: 'float32', data });
  }

  finish(): GraphModelFiles {
    const weights = this.#weights.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
    const json = JSON.stringify({
      format: 'graph-model',
      modelTopology: { node: this.#nodes, library: {}, versions: { producer: 1 } },
      weightsManifest: [{ paths: ['weights.bin'], weights }],
    });
    const parts = this.#weights.map(({ data }) =>
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    );
    return { json, weights: new Uint8Array(Buffer.concat(parts)) };
  }
}
