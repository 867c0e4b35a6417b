import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from '@jest/globals';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-node';
import { createRandom, exportOnnx, type HostTensor, ImpureStepError, tf } from '../src/index.ts';

const random = createRandom('export');
const float32 = (shape: number[]): HostTensor => ({
  shape,
  dtype: 'float32',
  data: random.normal(shape.reduce((a, b) => a * b, 1)),
});

const params = { weight: float32([12, 8]), filter: float32([3, 3, 2, 4]), row: float32([1, 3]) };
type Params = { readonly [K in keyof typeof params]: Tensor };

/** Reference: eager tfjs on the same input. */
function eager(fn: (p: Params, x: Tensor) => Tensor, input: HostTensor): number[] {
  const upload = ({ data, shape }: HostTensor) => tf.tensor(data as Float32Array, [...shape]);
  const given = Object.fromEntries(Object.entries(params).map(([k, v]) => [k, upload(v)]));
  return Array.from(fn(given as unknown as Params, upload(input)).dataSync());
}

const exported = (fn: (p: Params, x: Tensor) => Tensor, shape: number[], metadata = {}) =>
  exportOnnx((p, inputs) => ({ y: fn(p as unknown as Params, inputs.x) }), {
    params,
    inputs: { x: { shape, dtype: 'float32' } },
    dynamicBatch: true,
    metadata,
  });

/** One function for each way in which a size can follow the batch. */
const functions: Record<string, { shape: number[]; fn: (p: Params, x: Tensor) => Tensor }> = {
  'a matrix product': { shape: [12], fn: (p, x) => tf.matMul(x as Tensor2D, p.weight as Tensor2D) },
  'a convolution flattened for a dense layer': {
    shape: [6, 6, 2],
    fn: (p, x) => {
      const y = tf.conv2d(x as Tensor4D, p.filter as Tensor4D, 2, 1); // [B, 3, 3, 4]
      const flat = tf.reshape(y, [x.shape[0] as number, 36]);
      return tf.softmax(tf.matMul(tf.slice(flat, [0, 0], [-1, 12]), p.weight as Tensor2D));
    },
  },
  'images folded into rows, B*H*W': {
    shape: [4, 3, 12],
    fn: (p, x) => {
      const rows = tf.reshape(x, [-1, 12]); // [B*12, 12]
      return tf.reshape(tf.matMul(rows as Tensor2D, p.weight as Tensor2D), [x.shape[0], 4, 3, 8]);
    },
  },
  'a row repeated for each example and joined': {
    shape: [3],
    fn: (p, x) => tf.concat([tf.tile(p.row, [x.shape[0], 1]), x, tf.onesLike(x)], 1),
  },
  'the second half of the examples after a padding of one': {
    shape: [3],
    fn: (p, x) => {
      const doubled = tf.concat([x, p.row, x], 0); // [2B + 1, 3]
      return tf.slice(doubled, [x.shape[0] + 1, 0], [x.shape[0], 3]);
    },
  },
  'a transposed convolution': {
    shape: [4, 4, 4],
    fn: (p, x) =>
      tf.conv2dTranspose(x as Tensor4D, p.filter as Tensor4D, [x.shape[0], 8, 8, 2], 2, 'same'),
  },
};

describe('a model exported with an open batch', () => {
  test.each(Object.entries(functions))(
    '%s: equals eager tfjs for batches of 1, 2 and 9',
    async (_name, { fn, shape }) => {
      const session = await ort.InferenceSession.create(exported(fn, [1, ...shape]));
      for (const batch of [1, 2, 9]) {
        const input = float32([batch, ...shape]);
        const { y } = await session.run({
          x: new ort.Tensor('float32', input.data as Float32Array, input.shape),
        });
        const expected = eager(fn, input);
        expect(y?.dims[0]).toBe(batch);
        expect(y?.data).toHaveLength(expected.length);
        for (const [i, value] of expected.entries()) {
          expect(Number(y?.data[i])).toBeCloseTo(value, 4);
        }
      }
      await session.release();
    },
  );

  test('the bytes do not depend on the batch size of the specs, which may be open', () => {
    const { fn, shape } = functions['images folded into rows, B*H*W'] as (typeof functions)[string];
    expect(exported(fn, [1, ...shape])).toEqual(exported(fn, [-1, ...shape]));
  });

  test('inputs and outputs tell which of their sizes is the batch', async () => {
    const { fn, shape } = functions['a matrix product'] as (typeof functions)[string];
    const session = await ort.InferenceSession.create(exported(fn, [1, ...shape]));
    expect(session.inputMetadata).toMatchObject([{ name: 'x', shape: ['batch', 12] }]);
    expect(session.outputMetadata).toMatchObject([{ name: 'y', shape: ['batch', 8] }]);
    await session.release();
  });

  test('a constant made for one batch size is refused, with the call that made it', () => {
    const numbered = (_p: Params, x: Tensor) =>
      tf.add(x, tf.reshape(tf.range(0, x.shape[0]), [-1, 1]));
    expect(() => exported(numbered, [1, 3])).toThrow(ImpureStepError);
    expect(() => exported(numbered, [1, 3])).toThrow(/batch axis.*constant.*export\.test\.ts/s);
  });

  test('as many operations as examples are refused', () => {
    const oneByOne = (_p: Params, x: Tensor) => tf.stack(tf.unstack(x).map((row) => tf.sum(row)));
    expect(() => exported(oneByOne, [1, 3])).toThrow(/operations themselves depend/);
  });
});

/** Field 14 of ModelProto, metadata_props, and 2, producer_name: read by hand from the protobuf wire format. */
function readModel(bytes: Uint8Array) {
  const view = Buffer.from(bytes);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = view[at++] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const fields: { field: number; text: Buffer }[] = [];
  while (at < view.length) {
    const tag = varint();
    if (tag % 8 === 0) varint();
    else {
      const length = varint();
      fields.push({ field: Math.floor(tag / 8), text: view.subarray(at, at + length) });
      at += length;
    }
  }
  return fields;
}

test('an exported model names its producer and carries the metadata', () => {
  const { fn, shape } = functions['a matrix product'] as (typeof functions)[string];
  const fields = readModel(exported(fn, [1, ...shape], { season: 'FW2019' }));
  const named = (field: number) =>
    fields.filter((each) => each.field === field).map(({ text }) => text.toString());
  expect(named(2)).toEqual(['deepstyle-engine']);
  expect(named(14)).toEqual(['\n\x06season\x12\x06FW2019']);
});

test('an exported model uses the ONNX standard alone', () => {
  const { fn, shape } = functions['a matrix product'] as (typeof functions)[string];
  const transposed = (p: Params, x: Tensor) =>
    tf.matMul(fn(p, x) as Tensor2D, p.weight as Tensor2D, false, true);
  expect(Buffer.from(exported(transposed, [1, ...shape])).includes('com.microsoft')).toBe(false);
});

test('an input and an output of one name are refused', () => {
  const spec = { params: {}, inputs: { x: { shape: [1], dtype: 'float32' as const } } };
  expect(() => exportOnnx((_p, { x }) => ({ x: tf.neg(x) }), spec)).toThrow(/both named 'x'/);
});
