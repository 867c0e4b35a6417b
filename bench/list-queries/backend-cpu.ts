import { readdirSync, readFileSync } from 'node:fs';

/** Of the kernel's clock in /proc, on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** CPU time, user and system, that each backend of a PostgreSQL's clients has used so far, in milliseconds by its pid. */
function backendCpu(postmaster: number, user: string): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      // Fields after the name, which may hold anything: state, parent, ..., user and system time.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[1]) === postmaster && title.startsWith(`postgres: ${user} `)) {
        used.set(pid, MS_PER_TICK * (Number(fields[11]) + Number(fields[12])));
      }
    } catch {
      // It has ended meanwhile.
    }
  }
  return used;
}

/** What the backends use while something is done, in milliseconds. */
export async function backendCpuOf(
  { pid, user }: { readonly pid: number; readonly user: string },
  work: () => Promise<void>,
): Promise<number> {
  const before = backendCpu(pid, user);
  await work();
  const after = [...backendCpu(pid, user)];
  return after.reduce((sum, [backend, ms]) => sum + ms - (before.get(backend) ?? 0), 0);
}
