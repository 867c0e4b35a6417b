import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseGlobalId } from '@deepstyle/contracts';
import {
  drawScenes,
  drawSeasons,
  type TemporaryFolder,
  temporaryFolder,
  writeFolder,
  writeScenes,
} from '@deepstyle/testkit';
import { seedOf } from '@deepstyle/vision';
import { drawTrainingScenes, trainOn } from '../pipeline/detection.ts';
import { idsOf, isPublished, startRun } from '../pipeline/scenario.ts';
import { type System, startEmbedded } from '../pipeline/systems.ts';
import { CAMPAIGN_SETTINGS } from './disturbed-system.ts';
import type { Expected } from './snapshot.ts';

/** A folder of photographs, and what an undisturbed run makes of it. */
export interface Input {
  readonly folder: string;
  readonly season: string;
  /** Null: the one that was trained last. */
  readonly detector: 'none' | null;
  readonly expected: Omit<Expected, 'runId'>;
}

export interface Inputs {
  readonly all: readonly Input[];
  /** Trains the detector of the runs, where they have one. */
  readonly trainDetector: (system: Pick<System, 'url' | 'token'>) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export interface InputsOptions {
  readonly seed: number;
  readonly count: number;
  /** Different photographs of each; some files more are copies or no photographs. */
  readonly photos: number;
  /** Whether a detector looks for the garments in them; by default each shows one. */
  readonly detected?: boolean;
}

const SEASONS = ['SS2024', 'FW2024', 'SS2025', 'FW2025', 'SS2026', 'FW2026'] as const;
const POLL_MS = 200;

/** Draws folders and lets one undisturbed process of its own run over each. */
export async function prepareInputs(options: InputsOptions): Promise<Inputs> {
  const folder = await temporaryFolder('deepstyle-campaign-inputs');
  const scenes = join(folder.path, 'scenes');
  const trainDetector: Inputs['trainDetector'] = async (system) => {
    if (options.detected === true) await trainOn(system, scenes);
  };
  try {
    if (options.detected === true) await drawTrainingScenes(scenes);
    const drawn: Omit<Input, 'expected'>[] = [];
    for (let number = 0; number < options.count; number += 1) {
      drawn.push(await drawInput(folder, number, options));
    }
    const all = await undisturbed(drawn, join(folder.path, 'data'), trainDetector);
    return { all, trainDetector, remove: folder.remove };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function drawInput(
  { path }: TemporaryFolder,
  number: number,
  { seed, photos, detected = false }: InputsOptions,
): Promise<Omit<Input, 'expected'>> {
  const season = SEASONS[number % SEASONS.length] as string;
  const options = {
    seed: seedOf('campaign', seed, number),
    seasons: [season],
    perSeason: photos,
    duplicates: 2,
    notPhotos: 2,
  };
  const input = join(path, `input-${number}`);
  if (detected) await writeScenes(input, await drawScenes(options));
  else await writeFolder(input, await drawSeasons({ ...options, widthPx: 128, heightPx: 192 }));
  return { folder: join(input, season), season, detector: detected ? null : 'none' };
}

async function undisturbed(
  drawn: readonly Omit<Input, 'expected'>[],
  dataFolder: string,
  trainDetector: Inputs['trainDetector'],
): Promise<readonly Input[]> {
  const system = await startEmbedded(dataFolder, CAMPAIGN_SETTINGS);
  try {
    await trainDetector(system);
    const inputs: Input[] = [];
    for (const { folder, season, detector } of drawn) {
      const request = { folder, season, detector, idempotencyKey: folder, steps: 2 };
      const run = await startRun(system, request);
      while (!(await isPublished(system, run))) await sleep(POLL_MS);
      const expected = {
        photos: (await idsOf(system, run, 'photos')).map(recordId),
        garments: (await idsOf(system, run, 'garments')).map(recordId),
      };
      inputs.push({ folder, season, detector, expected });
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
