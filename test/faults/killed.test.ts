import { processEnvironment } from '@deepstyle/platform';
import { drawSeasons, temporaryFolder, writeFolder } from '@deepstyle/testkit';
import { createRandom } from '@deepstyle/vision';
import { expect, test } from '@jest/globals';
import { finishRun, isPublished, type Outcome, startRun } from '../pipeline/scenario.ts';
import { SMALL_GAN, startEmbedded } from '../pipeline/systems.ts';

// 20 in a thorough run; 3 keep the suite short.
const KILLS = Number(processEnvironment().DEEPSTYLE_KILLS ?? 3);
const SEASON = 'FW2026';
const STEPS = 6;
// A run of this size takes a few seconds; kills are spread over its whole length.
const LONGEST_LIFE_MS = 6_000;

async function uninterrupted(folder: string, dataFolder: string): Promise<Outcome> {
  const system = await startEmbedded(dataFolder, SMALL_GAN);
  try {
    const request = { folder, season: SEASON, idempotencyKey: 'k', steps: STEPS };
    return await finishRun(system, await startRun(system, request));
  } finally {
    await system.stop();
  }
}

/** Starts the instance again and again, killing it after a random life, and then lets the run end. */
async function killedOften(
  folder: string,
  dataFolder: string,
): Promise<{ outcome: Outcome; kills: number }> {
  const random = createRandom(5);
  const request = { folder, season: SEASON, idempotencyKey: 'k', steps: STEPS };
  let kills = 0;
  for (; kills < KILLS; kills += 1) {
    const system = await startEmbedded(dataFolder, SMALL_GAN);
    const run = await startRun(system, request);
    await new Promise((wake) => setTimeout(wake, random() * LONGEST_LIFE_MS));
    if (await isPublished(system, run)) {
      await system.stop();
      break;
    }
    await system.processes[0]?.kill();
  }
  const system = await startEmbedded(dataFolder, SMALL_GAN);
  try {
    return { outcome: await finishRun(system, await startRun(system, request)), kills };
  } finally {
    await system.stop();
  }
}

test(`killed -9 at ${KILLS} random moments, a run ends as if nothing had happened, nothing twice`, async () => {
  const folder = await temporaryFolder();
  const drawn = await drawSeasons({
    seed: 3,
    seasons: [SEASON],
    perSeason: 30,
    duplicates: 1,
    notPhotos: 1,
  });
  await writeFolder(`${folder.path}/drawn`, drawn);
  const photos = `${folder.path}/drawn/${SEASON}`;
  const expected = await uninterrupted(photos, `${folder.path}/whole`);
  const { outcome } = await killedOften(photos, `${folder.path}/killed`);
  expect(outcome).toEqual(expected);
  expect(new Set(outcome.garments).size).toBe(outcome.garments.length);
  await folder.remove();
}, 900_000);
