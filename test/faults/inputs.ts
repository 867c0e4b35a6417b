import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseGlobalId } from '@deepstyle/contracts';
import {
  drawSeasons,
  type TemporaryFolder,
  temporaryFolder,
  writeFolder,
} from '@deepstyle/testkit';
import { seedOf } from '@deepstyle/vision';
import { idsOf, isPublished, startRun } from '../pipeline/scenario.ts';
import { startEmbedded } from '../pipeline/systems.ts';
import { CAMPAIGN_SETTINGS } from './disturbed-system.ts';
import type { Expected } from './snapshot.ts';

/** A folder of photographs, and what an undisturbed run makes of it. */
export interface Input {
  readonly folder: string;
  readonly season: string;
  readonly expected: Omit<Expected, 'runId'>;
}

export interface Inputs {
  readonly all: readonly Input[];
  readonly remove: () => Promise<void>;
}

export interface InputsOptions {
  readonly seed: number;
  readonly count: number;
  /** Different photographs of each; some files more are copies or no photographs. */
  readonly photos: number;
}

const SEASONS = ['SS2024', 'FW2024', 'SS2025', 'FW2025', 'SS2026', 'FW2026'] as const;
const POLL_MS = 200;

/** Draws folders and lets one undisturbed process of its own run over each. */
export async function prepareInputs(options: InputsOptions): Promise<Inputs> {
  const folder = await temporaryFolder('deepstyle-campaign-inputs');
  try {
    const drawn: Omit<Input, 'expected'>[] = [];
    for (let number = 0; number < options.count; number += 1) {
      drawn.push(await drawInput(folder, number, options));
    }
    return { all: await undisturbed(drawn, join(folder.path, 'data')), remove: folder.remove };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function drawInput(
  { path }: TemporaryFolder,
  number: number,
  { seed, photos }: InputsOptions,
): Promise<Omit<Input, 'expected'>> {
  const season = SEASONS[number % SEASONS.length] as string;
  const drawn = await drawSeasons({
    seed: seedOf('campaign', seed, number),
    seasons: [season],
    perSeason: photos,
    duplicates: 2,
    notPhotos: 2,
    widthPx: 128,
    heightPx: 192,
  });
  const written = await writeFolder(join(path, `input-${number}`), drawn);
  return { folder: join(written.path, season), season };
}

async function undisturbed(
  drawn: readonly Omit<Input, 'expected'>[],
  dataFolder: string,
): Promise<readonly Input[]> {
  const system = await startEmbedded(dataFolder, CAMPAIGN_SETTINGS);
  try {
    const inputs: Input[] = [];
    for (const { folder, season } of drawn) {
      const run = await startRun(system, { folder, season, idempotencyKey: folder, steps: 2 });
      while (!(await isPublished(system, run))) await sleep(POLL_MS);
      const expected = {
        photos: (await idsOf(system, run, 'photos')).map(recordId),
        garments: (await idsOf(system, run, 'garments')).map(recordId),
      };
      inputs.push({ folder, season, expected });
    }
    return inputs;
  } finally {
    await system.stop();
  }
}

/** The id of a record by the id that the graph has for it. */
export function recordId(globalId: string): string {
  return parseGlobalId(globalId)?.localId ?? globalId;
}
