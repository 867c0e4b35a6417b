/** Where the time of a step goes, by operation, from onnxruntime's own profile. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineError } from './errors.ts';
import { plain, type StepFunction, type StepSpec } from './functions.ts';
import {
  bindBatch,
  flattenTree,
  type HostTensor,
  type TensorData,
  type TensorSpec,
  type Tree,
} from './host-tensor.ts';
import { type CompileOptions, isEager, loadStep } from './load-step.ts';

export interface ProfileRow {
  /** The operation's ONNX name; what onnxruntime fused has the name of the whole. */
  readonly op: string;
  /** Per step. */
  readonly calls: number;
  /** Wall time per step, ms. */
  readonly ms: number;
  /** Of the time of all operations. */
  readonly share: number;
}

export interface Profile {
  /** The slowest operation first. */
  readonly rows: readonly ProfileRow[];
  /** Wall time of a step inside onnxruntime, ms: the operations and what is between them. */
  readonly stepMs: number;
  /** Steps measured. */
  readonly steps: number;
}

export interface ProfileOptions extends CompileOptions {
  /** Steps to measure, after one that is not. Default 3. */
  readonly steps?: number;
}

/** One event of onnxruntime's trace; times in microseconds. */
interface TraceEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

/** Sums up a trace, its first run left out. */
export function summarizeTrace(events: readonly TraceEvent[]): Profile {
  const [first, ...runs] = events
    .filter(({ cat, name }) => cat === 'Session' && name === 'model_run')
    .sort((a, b) => a.ts - b.ts);
  if (first === undefined || runs.length === 0) {
    throw new EngineError(
      'NO_PROFILE',
      'The profile holds no run after the first; measure a step.',
    );
  }
  const from = first.ts + first.dur;
  const sums = new Map<string, { calls: number; us: number }>();
  let total = 0;
  for (const { cat, name, ts, dur, args } of events) {
    const op = args?.op_name;
    if (cat !== 'Node' || op === undefined || !name.endsWith('_kernel_time') || ts < from) continue;
    const sum = sums.get(op) ?? { calls: 0, us: 0 };
    sums.set(op, { calls: sum.calls + 1, us: sum.us + dur });
    total += dur;
  }
  const steps = runs.length;
  const rows = [...sums].map(([op, { calls, us }]) => ({
    op,
    calls: calls / steps,
    ms: us / 1000 / steps,
    share: us / total,
  }));
  const runMicroseconds = runs.reduce((sum, { dur }) => sum + dur, 0);
  return { rows: rows.sort((a, b) => b.ms - a.ms), stepMs: runMicroseconds / 1000 / steps, steps };
}

/**
 * Runs some steps under onnxruntime's profiler. The state goes on from step to step and is lost.
 * @throws ImpureStepError, UnsupportedKernelError, ShapeMismatchError, ProviderMissingError
 */
export async function profileStep<S extends Tree<HostTensor>, B extends Tree<TensorSpec>>(
  step: StepFunction<S, B>,
  spec: StepSpec<S, B>,
  batch: Tree<HostTensor | TensorData>,
  { steps = 3, ...options }: ProfileOptions = {},
): Promise<Profile> {
  if (isEager(options.device)) {
    throw new EngineError('NO_PROFILE', `Device '${options.device}' has no profile; take cpu.`);
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'engine-profile-'));
  try {
    const profilePrefix = path.join(folder, 'profile');
    const runtime = await loadStep(plain(step), spec, { ...options, profilePrefix });
    const bound = bindBatch(batch, flattenTree<TensorSpec>(spec.batch));
    try {
      for (let i = 0; i <= steps; i++) await runtime.run(bound);
      await runtime.endProfile();
    } finally {
      await runtime.dispose();
    }
    const [file] = await readdir(folder);
    const text = await readFile(path.join(folder, file ?? 'no profile'), 'utf8');
    return summarizeTrace(JSON.parse(text) as TraceEvent[]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The profile as a table. */
export function formatProfile({ rows, stepMs, steps }: Profile): string {
  const cells = rows.map(({ op, calls, ms, share }) => [
    op,
    String(Number(calls.toFixed(1))),
    ms.toFixed(2),
    `${(100 * share).toFixed(1)} %`,
  ]);
  const table = [['operation', 'calls', 'ms', 'share'], ...cells];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const lines = table.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  '),
  );
  const sum = rows.reduce((total, { ms }) => total + ms, 0);
  return [
    ...lines,
    `${sum.toFixed(1)} ms in operations of ${stepMs.toFixed(1)} ms per step, mean of ${steps}`,
  ].join('\n');
}
