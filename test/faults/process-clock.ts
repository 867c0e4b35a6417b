import { writeFile } from 'node:fs/promises';
import type { Harms } from './target.ts';

const HOUR_MS = 3_600_000;
const PRELOAD = new URL('./shifted-clock.mjs', import.meta.url).href;

/** The clock of a process, to be set while it runs; those of the servers and of the file system stay right. */
export interface ProcessClock {
  /** What the process is to be started with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly harm: Pick<Harms, 'clock-back' | 'clock-ahead'>;
}

/** @param file says by how much the clock is off */
export function processClock(file: string): ProcessClock {
  const shift = (ms: number) => async () => {
    await writeFile(file, String(ms));
    return () => writeFile(file, '0');
  };
  return {
    environment: { NODE_OPTIONS: `--import=${PRELOAD}`, CAMPAIGN_CLOCK_FILE: file },
    harm: { 'clock-back': shift(-HOUR_MS), 'clock-ahead': shift(HOUR_MS) },
  };
}
