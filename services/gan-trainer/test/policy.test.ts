import { describe, expect, test } from '@jest/globals';
import { manifestHash, modelId } from '../src/manifest.ts';
import { hyperparametersFor } from '../src/training/hyperparameters.ts';
import { decide } from '../src/training/policy.ts';

const run = { skip: false, garments: 100, minGarments: 16, knownModelId: null };

describe('the policy', () => {
  test('trains where nothing speaks against it', () => {
    expect(decide(run)).toEqual({ kind: 'train' });
    expect(decide({ ...run, garments: 16 })).toEqual({ kind: 'train' });
  });

  test('obeys a run without a GAN before all else', () => {
    expect(decide({ ...run, skip: true, knownModelId: 'm' }).kind).toBe('skip');
  });

  test('skips too few garments with the numbers', () => {
    const decision = decide({ ...run, garments: 15 });
    expect(decision).toMatchObject({
      kind: 'skip',
      reason: expect.stringMatching(/15 garments .* 16 /),
    });
  });

  test('reuses a model of the same garments and hyperparameters', () => {
    expect(decide({ ...run, knownModelId: 'm' })).toMatchObject({ kind: 'reuse', modelId: 'm' });
  });
});

describe('the identity of a model', () => {
  const settings = { width: 32, batchSize: 32, maxSeconds: 600, heldOut: 0 };
  const hyperparameters = hyperparametersFor(100, settings, null);
  const manifest = manifestHash(['a', 'b']);

  test('does not depend on the order or repetition of garments', () => {
    expect(manifestHash(['b', 'a', 'b'])).toBe(manifest);
    expect(manifestHash(['a', 'c'])).not.toBe(manifest);
    // Joined without a separator these would be one.
    expect(manifestHash(['ab', 'c'])).not.toBe(manifestHash(['a', 'bc']));
  });

  test('depends on every hyperparameter, not on their order', () => {
    const reversed = Object.fromEntries(Object.entries(hyperparameters).reverse());
    expect(modelId(manifest, reversed as unknown as typeof hyperparameters)).toBe(
      modelId(manifest, hyperparameters),
    );
    for (const [name, value] of Object.entries(hyperparameters)) {
      const changed = { ...hyperparameters, [name]: value + 1 };
      expect(modelId(manifest, changed)).not.toBe(modelId(manifest, hyperparameters));
    }
  });
});
