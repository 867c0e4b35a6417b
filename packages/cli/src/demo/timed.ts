import { duration } from '../progress.ts';

/** Does a step of the demo and tells on stderr how long it took. */
export async function timed<T>(step: string, work: () => Promise<T>): Promise<T> {
  const startedMs = Date.now();
  const result = await work();
  process.stderr.write(`${step}: ${duration((Date.now() - startedMs) / 1000)}\n`);
  return result;
}
