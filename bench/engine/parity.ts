/**
 * Single DCGAN steps against PyTorch's, from states that PyTorch trained: losses and every gradient. In double precision
 * the two do the same sums. In single precision rounding turns a few activations over the kinks of the rectifiers, and
 * Adam's first update takes the sign of gradients next to zero: how far that alone goes is what PyTorch is from itself, in
 * its other layout and from its own double precision.
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
    const exact = await takeStep(truth, step, size, { threads, precision: 'float64' });
    const ours = await takeStep(truth, step, size, { threads });
    const peer = (kind: string) => resultsAt(truth, `${step}.${kind}`);
    const [double, single] = [peer(''), peer('single.')];
    errors[`step ${step}`] = {
      'double: ours from PyTorch': worst(stepErrors(exact, double)),
      'single: ours from PyTorch': worst(stepErrors(ours, single)),
      'single: PyTorch from PyTorch channels-last': worst(
        stepErrors(single, peer('channels-last.')),
      ),
      'single from double: ours': worst(stepErrors(ours, double)),
      'single from double: PyTorch': worst(stepErrors(single, double)),
    };
  }
  return { peer: 'PyTorch', seed, size, errors };
}
