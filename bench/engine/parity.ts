/**
 * Single DCGAN steps against PyTorch's, from states that PyTorch trained: losses and every gradient, each with
 * the error that PyTorch itself makes in single precision beside it (truth: PyTorch in double precision).
 *
 *   bench engine --parity [--seed 7] [--width 64] [--batch 16] [--steps 0,50,200] [--threads 2]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeSafetensors } from '@deepstyle/engine';
import {
  resultsAt,
  type StepErrors,
  stepErrors,
  takeStep,
} from '../../packages/engine/test/pytorch-step.ts';
import { HERE, option, pythonOf } from './options.ts';

const LATENT = 100;
/** Images per step of the training before: only the states that it leaves matter. */
const TRAINING_BATCH = 8;

function statesOf(python: string, numbers: readonly number[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'parity-'));
  try {
    const file = path.join(folder, 'steps.safetensors');
    const script = path.join(HERE, 'peer/parity.py');
    execFileSync(python, [script, file, ...numbers.map(String)], { stdio: 'inherit' });
    return decodeSafetensors(readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function worst({ loss, gradients }: StepErrors) {
  const [name, error] = Object.entries(gradients).reduce((a, b) => (a[1] > b[1] ? a : b));
  return { loss, gradient: error, of: name, gradients: Object.keys(gradients).length };
}

export async function compareWithPeer(args: readonly string[]): Promise<object> {
  const number = (name: string, otherwise: number) => Number(option(args, name) ?? otherwise);
  const size = { latent: LATENT, width: number('--width', 64), batch: number('--batch', 16) };
  const steps = (option(args, '--steps') ?? '0,50,200').split(',').map(Number);
  const seed = number('--seed', 7);
  const threads = number('--threads', 2);
  const sizes = [size.latent, size.width, TRAINING_BATCH, size.batch, seed];
  const truth = statesOf(pythonOf(args), [...sizes, ...steps]);
  const errors: Record<string, object> = {};
  for (const step of steps) {
    const ours = await takeStep(truth, step, size, { threads });
    const [double, single] = [resultsAt(truth, `${step}.`), resultsAt(truth, `${step}.single.`)];
    errors[`step ${step}`] = {
      'ours from PyTorch': worst(stepErrors(ours, single)),
      'ours from the truth': worst(stepErrors(ours, double)),
      'PyTorch from the truth': worst(stepErrors(single, double)),
    };
  }
  return { peer: 'PyTorch', seed, size, errors };
}
