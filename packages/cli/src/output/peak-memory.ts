import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_EVERY_MS = 1_000;

/** Watches the memory of this process and its children: the peak of their summed proportional set size, in MB. */
export function watchPeakMemory(): { stop(): number } {
  let peak = sampleMb();
  const timer = setInterval(() => {
    peak = Math.max(peak, sampleMb());
  }, SAMPLE_EVERY_MS);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return Math.round(Math.max(peak, sampleMb()));
    },
  };
}

function sampleMb(): number {
  try {
    return familyOf(process.pid).reduce((sum, pid) => sum + pssMb(pid), 0);
  } catch {
    // Not Linux: the resident set of this process is the best there is.
    return process.memoryUsage.rss() / 1e6;
  }
}

function familyOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      // The command name in parentheses may hold spaces: the fields after it are counted from the last ')'.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const family = [root];
  for (let index = 0; index < family.length; index += 1) {
    for (const [pid, parent] of parents) if (parent === family[index]) family.push(pid);
  }
  return family;
}

function pssMb(pid: number): number {
  try {
    const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(match?.[1] ?? 0) / 1000;
  } catch (error) {
    if (pid === process.pid) throw error;
    return 0;
  }
}
