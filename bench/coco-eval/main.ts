import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluateCocoBoxes, readCoco, readCocoDetections } from '@deepstyle/vision';
import { drawDetections, VAL2017 } from './drawn-detections.ts';

const SEED = 2017;
const REPETITIONS = 5;
const PEER_REPETITIONS = 1;
const PYTHON = join(homedir(), '.cache/deepstyle/coco-venv/bin/python');
const PEER = fileURLToPath(new URL('./peer/evaluate.py', import.meta.url));

interface PeerReport {
  readonly version: string;
  /** Seconds of each repetition, without and with loading. */
  readonly evaluation: readonly number[];
  readonly fromFiles: readonly number[];
  readonly stats: readonly number[];
  readonly peakMb: number;
}

/**
 * Evaluation of a detector on a set of the size of COCO val2017, in seconds: `evaluation` from rows in memory, `fromFiles` with
 * reading and checking the two JSON files, `coldFromFiles` the first time in a process. Fails where the 12 numbers differ from the peer's by more than 1e-9.
 */
export async function run(args: readonly string[]) {
  const seed = Number(args[0] ?? SEED);
  const folder = mkdtempSync(join(tmpdir(), 'deepstyle-bench-'));
  try {
    const annotations = join(folder, 'annotations.json');
    const results = join(folder, 'results.json');
    const drawn = drawDetections(VAL2017, seed);
    writeFileSync(annotations, JSON.stringify(drawn.dataset));
    writeFileSync(results, JSON.stringify(drawn.detections));
    const own = measureOurs(annotations, results);
    const peer = measurePeer(annotations, results);
    if (peer === undefined) return { ours: own.seconds, stats: own.stats };
    const theirs = {
      evaluation: median(peer.evaluation),
      fromFiles: median(peer.fromFiles),
    };
    const largestDifference = differenceOf(own.stats, peer.stats);
    return {
      peer: `pycocotools ${peer.version}`,
      ratios: {
        evaluation: theirs.evaluation / own.seconds.evaluation,
        fromFiles: theirs.fromFiles / own.seconds.fromFiles,
        coldFromFiles: theirs.fromFiles / own.seconds.coldFromFiles,
      },
      memory: { oursPeakMb: own.peakMb, theirsPeakMb: peer.peakMb },
      ours: own.seconds,
      theirs,
      size: VAL2017,
      stats: own.stats,
      largestDifference,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measureOurs(annotations: string, results: string) {
  const evaluation: number[] = [];
  const fromFiles: number[] = [];
  let stats: readonly number[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    const begin = performance.now();
    const dataset = readCoco(JSON.parse(readFileSync(annotations, 'utf8')));
    const detections = readCocoDetections(JSON.parse(readFileSync(results, 'utf8')), dataset);
    const loaded = performance.now();
    stats = Object.values(evaluateCocoBoxes(dataset, detections).metrics);
    const end = performance.now();
    evaluation.push((end - loaded) / 1000);
    fromFiles.push((end - begin) / 1000);
  }
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  // A command evaluates once, before the runtime has compiled anything.
  const coldFromFiles = fromFiles[0] ?? Number.NaN;
  const seconds = { evaluation: median(evaluation), fromFiles: median(fromFiles), coldFromFiles };
  return { seconds, stats, peakMb };
}

function measurePeer(annotations: string, results: string): PeerReport | undefined {
  if (!existsSync(PYTHON)) {
    process.stderr.write('pycocotools is not installed: run bench/coco-eval/install-peer.sh\n');
    return undefined;
  }
  const { status, stdout, stderr } = spawnSync(
    PYTHON,
    [PEER, annotations, results, String(PEER_REPETITIONS)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The peer failed: ${stderr}`);
  return JSON.parse(stdout) as PeerReport;
}

function differenceOf(ours: readonly number[], theirs: readonly number[]): number {
  const largest = Math.max(...ours.map((value, i) => Math.abs(value - (theirs[i] ?? 9))));
  if (!(largest <= 1e-9)) {
    throw new Error(`The numbers differ by ${largest}: ours ${ours}, the peer's ${theirs}`);
  }
  return largest;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
