import { readFile } from 'node:fs/promises';

/** Processes that a process has started, by Linux' own account; none where the system does not tell. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}
