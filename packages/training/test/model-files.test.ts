import { encodeCheckpoint, type HostTensor } from '@deepstyle/engine';
import { describe, expect, test } from '@jest/globals';
import {
  CheckpointDamagedError,
  countParameters,
  decodeModelFile,
  encodeModelFile,
} from '../src/index.ts';

const tensor = (...data: number[]): HostTensor => ({
  shape: [data.length],
  dtype: 'float32',
  data: Float32Array.from(data),
});
const tensors = { head: { weight: tensor(1, 2), bias: tensor(3) } };
const fields = { width: 4, names: ['a', 'b'] };
const bytes = encodeModelFile(tensors, fields);

describe('a model file', () => {
  test('gives back its tensors by flat name and its fields', () => {
    const read = decodeModelFile(bytes, 'models/x', (flat, field) => ({
      flat,
      width: field<number>('width'),
      names: field<string[]>('names'),
    }));
    expect(read.flat).toEqual({ 'head.weight': tensor(1, 2), 'head.bias': tensor(3) });
    expect([read.width, read.names]).toEqual([4, ['a', 'b']]);
  });

  test.each([
    ['is cut short', bytes.subarray(0, bytes.length - 2)],
    ['is a checkpoint', encodeCheckpoint(tensors, { step: 1 })],
  ])('that %s is refused with its name', (_, damaged) => {
    const decode = () => decodeModelFile(damaged, 'models/x', (_, field) => field('width'));
    expect(decode).toThrow(CheckpointDamagedError);
    expect(decode).toThrow(/models\/x/);
  });
});

test('parameters are counted in all tensors of a tree', () => {
  expect(countParameters(tensors)).toBe(3);
});
