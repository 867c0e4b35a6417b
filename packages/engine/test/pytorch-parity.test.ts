import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { decodeSafetensors } from '../src/index.ts';
import { resultsAt, stepErrors, takeStep } from './pytorch-step.ts';

/** Made by `python bench/engine/peer/parity.py FILE 8 8 16 16 1 0 50 200` with PyTorch 2.15. */
const truth = decodeSafetensors(
  readFileSync(new URL('fixtures/dcgan-pytorch.safetensors', import.meta.url)),
);
const SIZE = { latent: 8, width: 8, batch: 16 };

describe('a whole DCGAN step from the states that PyTorch trained', () => {
  test.each([0, 50, 200])('after %i steps has its losses and gradients', async (trained) => {
    const ours = await takeStep(truth, trained, SIZE, { inProcess: true, threads: 2 });
    const errors = stepErrors(ours, resultsAt(truth, `${trained}.`));
    expect(errors.loss).toBeLessThan(1e-4);
    expect(Object.keys(errors.gradients)).toHaveLength(24);
    expect(Math.max(...Object.values(errors.gradients))).toBeLessThan(1e-3);
  });

  test.each([0, 50, 200])(
    'after %i steps has them to seven digits in double precision',
    async (trained) => {
      const options = { inProcess: true, threads: 2, precision: 'float64' as const };
      const errors = stepErrors(
        await takeStep(truth, trained, SIZE, options),
        resultsAt(truth, `${trained}.`),
      );
      expect(errors.loss).toBeLessThan(1e-6);
      expect(Math.max(...Object.values(errors.gradients))).toBeLessThan(1e-6);
    },
  );
});
