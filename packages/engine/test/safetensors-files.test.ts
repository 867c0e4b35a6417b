import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CheckpointFormatError,
  encodeSafetensors,
  type HostTensor,
  loadWeights,
  saveWeights,
} from '../src/index.ts';

const float32 = (shape: number[], values: number[]): HostTensor => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from(values),
});

describe('files on disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'weights-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const tree = { layer: { weight: float32([2, 2], [1, 2, 3, 4]) }, step: float32([], [9]) };

  test('a tree is saved under its flat names and comes back with its metadata', async () => {
    const file = path.join(folder, 'model.safetensors');
    await saveWeights(file, tree, { epoch: '3' });
    expect(await loadWeights(file, tree)).toEqual({
      tensors: { 'layer.weight': tree.layer.weight, step: tree.step },
      metadata: { epoch: '3' },
    });
    expect(await readdir(folder)).toEqual(['model.safetensors']);
  });

  test('a failed save leaves the file that was there', async () => {
    const file = path.join(folder, 'model.safetensors');
    await saveWeights(file, tree);
    const broken = float32([3], [1, 2]);
    await expect(saveWeights(file, { broken })).rejects.toThrow(
      /'broken': expected 3 elements but got 2/,
    );
    expect(Object.keys((await loadWeights(file)).tensors)).toEqual(['layer.weight', 'step']);
    expect(await readdir(folder)).toEqual(['model.safetensors']);
  });

  test('a truncated file names the tensors that it lost', async () => {
    const file = path.join(folder, 'cut.safetensors');
    const bytes = encodeSafetensors({ whole: float32([1], [1]), lost: float32([2], [1, 2]) });
    await writeFile(file, bytes);
    await truncate(file, bytes.length - 5);
    await expect(loadWeights(file)).rejects.toThrow(/lost \(truncated/);
    await truncate(file, 5);
    await expect(loadWeights(file)).rejects.toThrow(CheckpointFormatError);
  });
});
