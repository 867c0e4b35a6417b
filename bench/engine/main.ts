/**
 * One DCGAN training step (PyTorch's tutorial: 64x64, nz 100, ngf = ndf = 64, float32) by the engine and by
 * PyTorch, each in a process of its own, by turns, so that whatever else the machine does meets both. Ratios are
 * of medians of wall time; `cpuRatios` of CPU time. `install-peer.sh` installs PyTorch; options:
 * --rounds N (default 7), --python PATH, --quick (batch 64 only, no anchors), --only TEXT (rows with it in their
 * name), --parity (no race: see parity.ts).
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Contestant, startContestant } from './contestant.ts';
import { HERE, option, pythonOf } from './options.ts';
import { compareWithPeer } from './parity.ts';

/** Threads of both sides spin for a while after a step: let them sleep before the other's turn. */
const PAUSE_MS = 200;

interface Row {
  readonly name: string;
  readonly threads: number;
  readonly batch: number;
  /** How PyTorch runs it; ours is float32 always. */
  readonly form: 'default' | 'channels-last' | 'bfloat16';
}

const rowsOf = (quick: boolean): Row[] => [
  ...(quick ? [64] : [64, 128]).flatMap((batch) =>
    [1, 2].map((threads): Row => {
      return { name: `batch ${batch}, ${threads} thread(s)`, threads, batch, form: 'default' };
    }),
  ),
  ...(quick ? [] : (['channels-last', 'bfloat16'] as const)).flatMap((form) =>
    [64, 128].map((batch): Row => {
      return { name: `batch ${batch}, 2 thread(s), PyTorch ${form}`, threads: 2, batch, form };
    }),
  ),
];

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

const startOurs = ({ threads, batch }: Row): Promise<Contestant> => {
  const flags = ['--conditions=deepstyle:source', '--import', 'tsx', '--no-warnings'];
  const script = path.join(HERE, 'ours.ts');
  return startContestant(process.execPath, [...flags, script, String(threads), String(batch)]);
};

const startPeer = (python: string, { threads, batch, form }: Row): Promise<Contestant> =>
  startContestant(python, [path.join(HERE, 'peer/dcgan.py'), String(threads), String(batch), form]);

interface Side {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

async function race(contestants: readonly Contestant[], rounds: number): Promise<Side[]> {
  const walls = contestants.map((): number[] => []);
  const cpus = contestants.map((): number[] => []);
  for (let round = -2; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      const { wall, cpu } = await contestant.step();
      if (round < 0) continue;
      walls[index]?.push(wall);
      cpus[index]?.push(cpu);
    }
  }
  const sides: Side[] = [];
  for (const [index, contestant] of contestants.entries()) {
    const [seconds, cpuSeconds] = [median(walls[index] ?? []), median(cpus[index] ?? [])];
    sides.push({ seconds, cpuSeconds, peakMb: Math.round(await contestant.memory()) });
    await contestant.stop();
  }
  return sides;
}

export async function run(args: readonly string[] = []): Promise<object> {
  if (args.includes('--parity')) return compareWithPeer(args);
  const python = pythonOf(args);
  const rounds = Number(option(args, '--rounds') ?? 7);
  const hasPeer = existsSync(python);
  const report = {
    peer: null as string | null,
    ratios: {} as Record<string, number>,
    cpuRatios: {} as Record<string, number>,
    memory: {} as Record<string, { ours: number; theirs?: number }>,
    ours: {} as Record<string, number>,
    theirs: {} as Record<string, number>,
    unit: 'seconds per step, median; memory in MB, peak of the process',
  };
  const only = option(args, '--only') ?? '';
  for (const row of rowsOf(args.includes('--quick'))) {
    if (!row.name.includes(only)) continue;
    if (!hasPeer && row.form !== 'default') continue;
    const contestants = [await startOurs(row)];
    if (hasPeer) contestants.push(await startPeer(python, row));
    report.peer = contestants[1]?.greeting.replace('ready', 'PyTorch') ?? null;
    const [ours, theirs] = (await race(contestants, rounds)) as [Side, Side?];
    report.ours[row.name] = ours.seconds;
    report.memory[row.name] = { ours: ours.peakMb };
    if (theirs === undefined) continue;
    report.theirs[row.name] = theirs.seconds;
    report.memory[row.name] = { ours: ours.peakMb, theirs: theirs.peakMb };
    report.ratios[row.name] = theirs.seconds / ours.seconds;
    report.cpuRatios[row.name] = theirs.cpuSeconds / ours.cpuSeconds;
  }
  return hasPeer ? report : { ...report, theirs: null };
}
