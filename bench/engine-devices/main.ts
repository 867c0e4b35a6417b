/**
 * One DCGAN training through one `compileStep`: by onnxruntime, and by TensorFlow's kernels (tfjs-node), from the same
 * weights and batches. The two take turns, step by step. scripts/tfjs-node/build.sh installs the peer. Beside the seconds
 * it prints how far the losses are apart after each step. Options:
 * --batch N (64), --width N (ngf = ndf, 64), --steps N (20), --threads N (2), --folder WHERE THE PEER WAS BUILT
 */
import {
  type CompiledStep,
  compileStep,
  createRandom,
  ProviderMissingError,
} from '@deepstyle/engine';
import { batchSpec, drawBatch, initialState, step } from '../../packages/engine/test/dcgan.ts';

interface Taken {
  readonly losses: readonly number[];
  readonly seconds: number;
}

function option(args: readonly string[], name: string): string | undefined {
  const index = args.indexOf(`--${name}`);
  return index < 0 ? undefined : args[index + 1];
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

async function take(
  compiled: CompiledStep,
  batch: Parameters<CompiledStep['run']>[0],
): Promise<Taken> {
  const startedAt = performance.now();
  const { discriminatorLoss, generatorLoss } = await compiled.run(batch);
  const seconds = (performance.now() - startedAt) / 1000;
  return { losses: [discriminatorLoss?.data[0] ?? NaN, generatorLoss?.data[0] ?? NaN], seconds };
}

export async function run(args: readonly string[] = []): Promise<object> {
  const number = (name: string, fallback: number) => Number(option(args, name) ?? fallback);
  const size = { latent: 100, width: number('width', 64), batch: number('batch', 64) };
  const spec = { state: initialState(size), batch: batchSpec(size) } as never;
  const folder = option(args, 'folder');
  const device = {
    device: 'tfjs-node',
    ...(folder === undefined ? {} : { tfjsNodeFolder: folder }),
  } as const;
  const ours = await compileStep(step as never, spec, { threads: number('threads', 2) });
  const theirs = await compileStep(step as never, spec, device).catch((error) => {
    if (!(error instanceof ProviderMissingError)) throw error;
    console.error(error.message);
    return undefined;
  });
  const random = createRandom(2);
  const taken: { ours: Taken; theirs: Taken | undefined }[] = [];
  for (let i = 0; i < number('steps', 20); i++) {
    const batch = drawBatch(random, size);
    taken.push({
      ours: await take(ours, batch),
      theirs: theirs && (await take(theirs, batch)),
    });
  }
  const seconds = (side: 'ours' | 'theirs') => median(taken.flatMap((t) => t[side]?.seconds ?? []));
  const name = `DCGAN step, batch ${size.batch}, width ${size.width}`;
  const lossDifferences = taken.map((t) =>
    Math.max(...t.ours.losses.map((loss, i) => Math.abs(loss - (t.theirs?.losses[i] ?? NaN)))),
  );
  return {
    peer: theirs === undefined ? null : 'tfjs-node',
    ours: { [name]: seconds('ours') },
    ...(theirs === undefined ? {} : { theirs: { [name]: seconds('theirs') } }),
    ratios: theirs === undefined ? {} : { [name]: seconds('theirs') / seconds('ours') },
    unit: 'seconds per step, median',
    losses: taken.map((t) => ({ ours: t.ours.losses, theirs: t.theirs?.losses })),
    lossDifferences: theirs === undefined ? null : lossDifferences,
  };
}
