/**
 * DeepFashion lists as COCO: `dataset export` of a folder against a pandas script, each conversion in a process of its own, by
 * turns. Ratios are of medians of wall seconds, from the first list to the written file, without the start of the process;
 * `cpuRatios` of CPU seconds. Fails where the two files do not hold the same images and annotations.
 * `install-peer.sh` installs pandas; options: --rounds N (default 3), --seed N, --most-rows N (smaller cases, for a try).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DEEPFASHION_ATTRIBUTES,
  DEEPFASHION_ROWS,
  type DrawnLists,
  drawLists,
} from './drawn-lists.ts';

const PYTHON = join(homedir(), '.cache/deepstyle/coco-venv/bin/python');
const OURS = fileURLToPath(new URL('./ours.ts', import.meta.url));
const PEER = fileURLToPath(new URL('./peer/convert.py', import.meta.url));

const CASES: Readonly<Record<string, DrawnLists>> = {
  plain: { rows: DEEPFASHION_ROWS, landmarks: false, attributes: 0 },
  landmarks: { rows: DEEPFASHION_ROWS, landmarks: true, attributes: 0 },
  attributes: { rows: 20_000, landmarks: false, attributes: DEEPFASHION_ATTRIBUTES },
};

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly version?: string;
}

interface Case {
  readonly name: string;
  readonly rows: number;
  readonly ours: readonly Run[];
  readonly theirs: readonly Run[];
}

export async function run(args: readonly string[]) {
  const option = (name: string, value: number) => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? value : Number(args[at + 1]);
  };
  const rounds = option('rounds', 3);
  const hasPeer = existsSync(PYTHON);
  if (!hasPeer) {
    process.stderr.write('pandas is not installed: run bench/dataset/install-peer.sh\n');
  }
  const measured: Case[] = [];
  const mostRows = option('most-rows', DEEPFASHION_ROWS);
  for (const [name, drawn] of Object.entries(CASES)) {
    const rows = Math.min(drawn.rows, mostRows);
    measured.push(await measure(name, { ...drawn, rows }, option('seed', 1), rounds, hasPeer));
  }
  const byCase = <T>(value: (one: Case) => T) =>
    Object.fromEntries(measured.map((one) => [one.name, value(one)]));
  const ours = byCase((one) => median(one.ours, 'seconds'));
  const oursPeakMb = byCase((one) => peak(one.ours));
  if (!hasPeer) return { ours, memory: { oursPeakMb } };
  const ratioOf = (field: 'seconds' | 'cpuSeconds') =>
    byCase((one) => median(one.theirs, field) / median(one.ours, field));
  return {
    peer: `pandas ${measured[0]?.theirs[0]?.version}`,
    ratios: ratioOf('seconds'),
    memory: { oursPeakMb, theirsPeakMb: byCase((one) => peak(one.theirs)) },
    ours,
    theirs: byCase((one) => median(one.theirs, 'seconds')),
    cpuRatios: ratioOf('cpuSeconds'),
    rows: byCase(({ rows }) => rows),
    rounds,
  };
}

async function measure(
  name: string,
  drawn: DrawnLists,
  seed: number,
  rounds: number,
  hasPeer: boolean,
): Promise<Case> {
  const folder = mkdtempSync(join(tmpdir(), 'deepstyle-bench-'));
  const [ours, theirs]: [Run[], Run[]] = [[], []];
  const [own, peer] = [join(folder, 'ours.json'), join(folder, 'theirs.json')];
  const flags = [
    ...(drawn.landmarks ? ['--landmarks'] : []),
    ...(drawn.attributes > 0 ? ['--attributes'] : []),
  ];
  const node = ['--conditions=deepstyle:source', '--import', 'tsx', '--no-warnings', OURS];
  try {
    await drawLists(folder, drawn, seed);
    for (let round = 0; round < rounds; round++) {
      ours.push(converted(process.execPath, [...node, folder, own, ...flags]));
      if (hasPeer) theirs.push(converted(PYTHON, [PEER, folder, peer, ...flags]));
    }
    if (hasPeer) compare(own, peer);
    return { name, rows: drawn.rows, ours, theirs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function converted(command: string, args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`);
  return JSON.parse(stdout) as Run;
}

const LISTS = ['images', 'annotations', 'categories', 'attributes'] as const;

/** @throws where the files differ in what both of them hold */
function compare(own: string, peer: string): void {
  // One after the other, as both at once would take more memory than what is measured.
  const [ours, theirs] = [digestsOf(own), digestsOf(peer)];
  for (const [i, list] of LISTS.entries()) {
    if (ours[i] !== theirs[i]) throw new Error(`The two files differ in their ${list}.`);
  }
}

/** Of each list, whatever the spaces in the file; both sides write the fields of a row in one order. */
function digestsOf(path: string): string[] {
  const coco = JSON.parse(readFileSync(path, 'utf8'));
  return LISTS.map((list) => {
    return createHash('sha256')
      .update(JSON.stringify(coco[list] ?? null))
      .digest('hex');
  });
}

function median(runs: readonly Run[], field: 'seconds' | 'cpuSeconds'): number {
  const sorted = runs.map((one) => one[field]).sort((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function peak(runs: readonly Run[]): number {
  return Math.max(...runs.map(({ peakMb }) => peakMb));
}
