import { describe, expect, test } from '@jest/globals';
import {
  CheckpointFormatError,
  CheckpointMismatchError,
  decodeCheckpoint,
  encodeCheckpoint,
  encodeSafetensors,
  type HostTensor,
} from '../src/index.ts';

const filled = (count: number, value: number): HostTensor => ({
  shape: [count],
  dtype: 'float32',
  data: new Float32Array(count).fill(value),
});

/** Names with dots, as checkpoints of other tools have them. */
const stateOf = (value: number) => ({
  weights: { 'layer.1': filled(3, value) },
  slots: { mean: { 'layer.1': filled(3, value + 1) } },
});
const position = { step: 7, best: { step: 2, distance: 0.5 } };
const bytes = encodeCheckpoint(stateOf(1), position);

describe('a checkpoint', () => {
  test('gives back every tensor in its place, and the position', () => {
    expect(decodeCheckpoint(bytes, stateOf(0))).toEqual({ state: stateOf(1), position });
  });

  test('of a state of other shapes is refused', () => {
    const other = { ...stateOf(0), weights: { 'layer.1': filled(4, 0) } };
    expect(() => decodeCheckpoint(bytes, other)).toThrow(CheckpointMismatchError);
  });

  test.each([
    ['cut short', bytes.subarray(0, 20)],
    ['empty', new Uint8Array(0)],
    ['a weight file', encodeSafetensors({ 'weights.layer.1': filled(3, 1) })],
  ])('that is %s is refused', (_, damaged) => {
    expect(() => decodeCheckpoint(damaged, { weights: stateOf(0).weights })).toThrow(
      CheckpointFormatError,
    );
  });
});
