/**
 * Where the time of a DCGAN step goes: each ONNX operation with its calls and milliseconds per step. There is no peer.
 * Options: --batch N (64), --width N (ngf = ndf, 64), --threads N (2), --steps N (3)
 */
import { createRandom, formatProfile, profileStep } from '@deepstyle/engine';
import { batchSpec, drawBatch, initialState, step } from '../../packages/engine/test/dcgan.ts';

function option(args: readonly string[], name: string, fallback: number): number {
  const index = args.indexOf(`--${name}`);
  return index < 0 ? fallback : Number(args[index + 1]);
}

export async function run(args: readonly string[] = []): Promise<object> {
  const size = {
    latent: 100,
    width: option(args, 'width', 64),
    batch: option(args, 'batch', 64),
  };
  const profile = await profileStep(
    step as never,
    { state: initialState(size), batch: batchSpec(size) } as never,
    drawBatch(createRandom(1), size),
    { threads: option(args, 'threads', 2), steps: option(args, 'steps', 3) },
  );
  console.error(formatProfile(profile));
  return {
    peer: null,
    ours: { step: profile.stepMs },
    unit: 'milliseconds per step',
    ...profile,
  };
}
