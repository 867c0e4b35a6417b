import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CheckpointFormatError,
  CheckpointMismatchError,
  decodeSafetensors,
  encodeSafetensors,
  type HostTensor,
  readSafetensorsMetadata,
} from '../src/index.ts';

const float32 = (shape: number[], values: number[]): HostTensor => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from(values),
});

/** A file as someone else would write it: any header, any bytes. */
function fileOf(header: unknown, data: ArrayLike<number> = []): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const single = (dtype: string, count: number, data: ArrayLike<number>) =>
  fileOf({ x: { dtype, shape: [count], data_offsets: [0, data.length] } }, data);

const bytesOf = (view: ArrayBufferView) =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function differenceOf(body: () => unknown) {
  try {
    body();
  } catch (error) {
    if (error instanceof CheckpointMismatchError)
      return { ...error.difference, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a file', () => {
  test('is the length of the header, the header padded to 8, and the bytes of the tensors', () => {
    const bytes = encodeSafetensors({ w: float32([2], [1, -2]) }, { step: '7' });
    const header =
      '{"__metadata__":{"step":"7"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(bytes).toEqual(
      Uint8Array.from([
        ...[padded.length, 0, 0, 0, 0, 0, 0, 0],
        ...new TextEncoder().encode(padded),
        ...[0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0],
      ]),
    );
  });

  test('comes back as it was, with every type, names of any kind, scalars and empty tensors', () => {
    const dtypes = fc.constantFrom('float32', 'int32', 'bool');
    const arrays = {
      float32: (n: number) => fc.float32Array({ minLength: n, maxLength: n }),
      int32: (n: number) => fc.int32Array({ minLength: n, maxLength: n }),
      bool: (n: number) => fc.uint8Array({ minLength: n, maxLength: n, max: 1 }),
    } as const;
    const tensor = fc
      .tuple(dtypes, fc.array(fc.nat({ max: 3 }), { maxLength: 3 }))
      .chain(([dtype, shape]) =>
        arrays[dtype as keyof typeof arrays](shape.reduce((a, b) => a * b, 1)).map(
          (data) => ({ shape, dtype, data }) as HostTensor,
        ),
      );
    const names = fc.string().filter((name) => name !== '__metadata__' && name !== '__proto__');
    fc.assert(
      fc.property(
        fc.dictionary(names, tensor),
        fc.dictionary(names, fc.string()),
        (tensors, metadata) => {
          const bytes = encodeSafetensors(tensors, metadata);
          expect({ ...decodeSafetensors(bytes) }).toEqual({ ...tensors });
          expect({ ...readSafetensorsMetadata(bytes) }).toEqual({ ...metadata });
        },
      ),
    );
  });
});

describe('a foreign file', () => {
  test.each<[string, number[], number[]]>([
    // 1, -2, the smallest subnormal, the largest, infinity: bit patterns of IEEE 754 binary16.
    ['F16', [0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00], [1, -2, 2 ** -24, 65504, Infinity]],
    // 1, -2.5, pi to 8 bits.
    ['BF16', [0x3f80, 0xc020, 0x4049], [1, -2.5, 3.140625]],
  ])('%s becomes float32', (dtype, bits, values) => {
    const { x } = decodeSafetensors(single(dtype, bits.length, bytesOf(Uint16Array.from(bits))));
    expect(x?.dtype).toBe('float32');
    expect(Array.from(x?.data ?? [])).toEqual(values);
  });

  test('not-a-number stays one', () => {
    const { x } = decodeSafetensors(single('F16', 1, bytesOf(Uint16Array.of(0x7e00))));
    expect(x?.data[0]).toBeNaN();
  });

  test.each<[string, ArrayBufferView, string, number[]]>([
    ['F64', Float64Array.of(0.1, -1e300), 'float32', [Math.fround(0.1), -Infinity]],
    ['I64', BigInt64Array.of(-5n, 2147483647n), 'int32', [-5, 2147483647]],
    ['U32', Uint32Array.of(7), 'int32', [7]],
    ['I16', Int16Array.of(-300), 'int32', [-300]],
    ['U16', Uint16Array.of(65535), 'int32', [65535]],
    ['I8', Int8Array.of(-1), 'int32', [-1]],
    ['U8', Uint8Array.of(255), 'int32', [255]],
    ['BOOL', Uint8Array.of(0, 1, 2), 'bool', [0, 1, 1]],
  ])('%s is converted', (format, data, dtype, values) => {
    const count = values.length;
    const { x } = decodeSafetensors(single(format, count, bytesOf(data)));
    expect(x?.dtype).toBe(dtype);
    expect(Array.from(x?.data ?? [])).toEqual(values);
  });

  test('a number beyond int32 is named rather than wrapped', () => {
    const file = single('I64', 1, bytesOf(BigInt64Array.of(2n ** 31n)));
    expect(differenceOf(() => decodeSafetensors(file)).misshaped).toEqual([
      'x (its element 2147483648 does not fit int32)',
    ]);
  });

  test('tensors need not lie at multiples of four', () => {
    const header = {
      odd: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
      x: { dtype: 'F32', shape: [1], data_offsets: [1, 5] },
    };
    const { x } = decodeSafetensors(fileOf(header, [9, ...bytesOf(Float32Array.of(1.5))]));
    expect(x?.data[0]).toBe(1.5);
  });
});

describe('a checkpoint that does not fit', () => {
  const spec = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

  test('names everything at once: missing, unexpected, mis-shaped, of another type, truncated', () => {
    const whole = encodeSafetensors({
      fits: float32([2], [1, 2]),
      turned: float32([3, 2], [1, 2, 3, 4, 5, 6]),
      counted: { shape: [1], dtype: 'int32', data: Int32Array.of(1) },
      extra: float32([1], [1]),
      cut: float32([4], [1, 2, 3, 4]),
    });
    const expected = {
      fits: spec(2),
      turned: spec(2, 3),
      counted: spec(1),
      cut: spec(4),
      absent: spec(1),
      'also.absent': spec(1),
    };
    const { message, ...difference } = differenceOf(() =>
      decodeSafetensors(whole.subarray(0, whole.length - 4), expected),
    );
    expect(difference).toEqual({
      missing: ['absent', 'also.absent'],
      unexpected: ['extra'],
      misshaped: [
        'cut (truncated: needs 56 bytes of data, the file has 52)',
        'turned (F32[3, 2] for float32[2, 3])',
        'counted (I32[1] for float32[1])',
      ],
    });
    for (const name of ['absent', 'extra', 'turned', 'counted', 'cut'])
      expect(message).toContain(name);
  });

  test('a name that objects have by themselves is no tensor', () => {
    const file = encodeSafetensors({ toString: float32([1], [1]) });
    expect(differenceOf(() => decodeSafetensors(file, {})).unexpected).toEqual(['toString']);
  });
});

describe('bytes that are no safetensors file', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['too few bytes', Uint8Array.of(1, 2), /2 bytes are too few/],
    [
      'a header longer than the file',
      Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 0, 1),
      /a header of 255 bytes in a file of 9/,
    ],
    [
      'a header of 2^63 bytes',
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128),
      /a header of 9223372036854776000/,
    ],
    ['no JSON', fileOf('{"x":'), /no JSON/],
    ['no UTF-8', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 255), /no JSON/],
    ['a list', fileOf([]), /no object/],
    ['metadata of numbers', fileOf({ __metadata__: { step: 1 } }), /metadata is no map of texts/],
  ])('%s', (_name, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(CheckpointFormatError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });
});

describe('a header that lies', () => {
  const entry = (shape: unknown, data_offsets: unknown, dtype: unknown = 'F32') =>
    fileOf({ x: { dtype, shape, data_offsets } }, [0, 0, 0, 0]);

  test.each<[string, Uint8Array, string]>([
    ['more elements than bytes', entry([1e9], [0, 4]), '4 bytes for 4000000000'],
    [
      'sizes whose product is beyond numbers',
      entry([1e15, 1e15, 1e15], [0, 4]),
      '4 bytes for 4\\.0+4e\\+45',
    ],
    ['a negative size', entry([-1], [0, 4]), 'bad shape'],
    ['a size that is no number', entry(['1'], [0, 4]), 'bad shape'],
    ['no shape', entry(undefined, [0, 4]), 'bad shape'],
    ['offsets the wrong way', entry([1], [4, 0]), 'bad offsets'],
    [
      'offsets beyond the file',
      entry([1], [4, 8]),
      'truncated: needs 8 bytes of data, the file has 4',
    ],
    ['an unknown type', entry([1], [0, 4], 'F8_E4M3'), 'type F8_E4M3 cannot be read'],
    [
      'a type by a name that objects have',
      entry([1], [0, 4], 'constructor'),
      'type constructor cannot be read',
    ],
    ['no description', fileOf({ x: null }), 'no description'],
  ])('%s is named before memory is taken', (_name, bytes, problem) => {
    expect(() => decodeSafetensors(bytes)).toThrow(new RegExp(`x \\(${problem}\\)`));
  });

  test("tensors in each other's bytes cannot multiply a small file", () => {
    const header = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [
        `t${i}`,
        { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      ]),
    );
    const { misshaped } = differenceOf(() => decodeSafetensors(fileOf(header, [0, 0, 0, 0])));
    expect(misshaped).toHaveLength(999);
    expect(misshaped[0]).toBe('t1 (it lies in the bytes of t0)');
  });

  test('whatever is changed in a file, it is read within its size or refused by name', () => {
    const whole = encodeSafetensors({
      a: float32([2, 3], [1, 2, 3, 4, 5, 6]),
      b: float32([], [7]),
    });
    const changes = fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    const json = new TextDecoder().decode(whole.subarray(8, whole.length - 28));
    // Digits and letters of the header are where a change goes unnoticed by the parser.
    const edits = fc.array(
      fc.tuple(fc.nat({ max: json.length - 1 }), fc.constantFrom(...'0123456789-eFIU[],"')),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    const corrupted = fc.oneof(
      changes.map((list) => {
        const bytes = whole.slice();
        for (const [at, byte] of list) bytes[at] = byte;
        return bytes;
      }),
      edits.map((list) => {
        const characters = [...json];
        for (const [at, character] of list) characters[at] = character;
        return fileOf(characters.join(''), whole.subarray(whole.length - 28));
      }),
      fc.nat({ max: whole.length - 1 }).map((length) => whole.subarray(0, length)),
    );
    fc.assert(
      fc.property(corrupted, (bytes) => {
        try {
          const tensors = Object.values(decodeSafetensors(bytes));
          const taken = tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
          // One byte of a file becomes an int32 at most.
          expect(taken).toBeLessThanOrEqual(4 * bytes.length);
          for (const { shape, data } of tensors) {
            expect(data).toHaveLength(shape.reduce((a, b) => a * b, 1));
          }
        } catch (error) {
          if (error instanceof CheckpointFormatError) return;
          if (error instanceof CheckpointMismatchError) return;
          throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
