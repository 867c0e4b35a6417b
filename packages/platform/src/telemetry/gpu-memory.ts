import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface GpuMemory {
  /** Index of the GPU, as CUDA and nvidia-smi count. */
  readonly gpu: string;
  readonly usedBytes: number;
  readonly totalBytes: number;
}

const run = promisify(execFile);
const QUERY = ['--query-gpu=index,memory.used,memory.total', '--format=csv,noheader,nounits'];
const MIB = 2 ** 20;
const LIMIT_MS = 3_000;
/** The two gauges of one scrape share one reading. */
const FRESH_MS = 1_000;

const last: { at: number; reading: Promise<readonly GpuMemory[]> } = {
  at: Number.NEGATIVE_INFINITY,
  reading: Promise.resolve([]),
};
let isMissing = false;

/** Memory of each NVIDIA GPU that this process may see; none where there is no nvidia-smi. */
export function readGpuMemory(): Promise<readonly GpuMemory[]> {
  if (!isMissing && performance.now() - last.at > FRESH_MS) {
    last.at = performance.now();
    last.reading = queryGpus();
  }
  return last.reading;
}

async function queryGpus(): Promise<readonly GpuMemory[]> {
  try {
    const { stdout } = await run('nvidia-smi', QUERY, { timeout: LIMIT_MS });
    return parseGpuMemory(stdout);
  } catch (error) {
    // Not installed, or no driver: a machine without a GPU, which stays one. A busy machine may be asked again.
    isMissing = (error as { readonly killed?: boolean }).killed !== true;
    return [];
  }
}

/** Lines of `index, used MiB, total MiB`; a GPU that does not tell (`[N/A]`) is left out. */
export function parseGpuMemory(lines: string): readonly GpuMemory[] {
  return lines.split('\n').flatMap((line) => {
    const [gpu = '', used = '', total = ''] = line.split(',').map((field) => field.trim());
    if (gpu === '' || !/^\d+$/.test(used) || !/^\d+$/.test(total)) return [];
    return [{ gpu, usedBytes: Number(used) * MIB, totalBytes: Number(total) * MIB }];
  });
}
