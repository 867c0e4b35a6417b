import { say } from './say.ts';
import { duration } from './stage-line.ts';

const FIRST_AFTER_MS = 5_000;
const EVERY_MS = 30_000;

export const THE_START =
  'the instance to answer, which takes minutes on a machine that is too slow';

export function startingIn(dataFolder: string): string {
  return `Starting in ${dataFolder} ...\n`;
}

/** Says now and then what is awaited, until it is there. */
export async function awaited<T>(what: string, work: Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const tell = (): NodeJS.Timeout => {
    const seconds = (performance.now() - startedMs) / 1000;
    say(`Waiting for ${what}: ${duration(seconds)} so far.\n`);
    return setTimeout(next, EVERY_MS);
  };
  const next = (): void => {
    timer = tell();
  };
  let timer = setTimeout(next, FIRST_AFTER_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
