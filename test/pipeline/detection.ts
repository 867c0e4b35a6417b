import { drawScenes, writeSceneSplits } from '@deepstyle/testkit';
import { ask } from './scenario.ts';
import type { System } from './systems.ts';

/** A network and a picture so small that a training takes seconds; it is to be the same everywhere, not good. */
export const TINY_DETECTOR = {
  DETECTOR_IMAGE_WIDTH_PX: '96',
  DETECTOR_IMAGE_HEIGHT_PX: '128',
  DETECTOR_WIDTH: '4',
  DETECTOR_BATCH_SIZE: '4',
  DETECTOR_THREADS: '1',
  // Whatever it finds is a garment: it is certain of nothing.
  DETECTOR_MIN_SCORE: '0.01',
  CROPPER_MIN_SCORE: '0.01',
  CROPPER_MIN_SIDE_PX: '8',
  // Some of what it finds, rather than twenty garments a photograph.
  CROPPER_MAX_OVERLAP: '0.05',
} as const;

/** Scenes of each split: few, as it is to be the same everywhere, not good. */
const SCENES = 12;
const STEPS = 30;
const LIMIT_MS = 120_000;

interface Progress {
  readonly state: string;
  readonly detail: string | null;
}

/** Draws scenes to train a detector on, as a COCO folder. */
export async function drawTrainingScenes(path: string): Promise<void> {
  const draw = async (name: string, seed: number) =>
    (await drawScenes({ seed, seasons: [name], perSeason: SCENES, shares: 'even' })).photos;
  await writeSceneSplits(path, {
    train: await draw('train', 6),
    val: await draw('val', 7),
    test: await draw('test', 8),
  });
}

/** Imports a COCO folder and trains a detector on it. @returns the ids of the dataset and of the model */
export async function trainOn(system: Pick<System, 'url' | 'token'>, folder: string) {
  const begun = await ask<{ importDataset: { import: { id: string } } }>(
    system,
    `mutation ($input: ImportDatasetInput!) { importDataset(input: $input) { import { id } } }`,
    { input: { idempotencyKey: 'scenes', name: 'scenes', folder } },
  );
  const { dataset } = await ended(() =>
    ask<{ ended: { progress: Progress; dataset: { id: string } | null } }>(
      system,
      'query ($id: ID!) { ended: datasetImport(id: $id) { progress { state detail } dataset { id } } }',
      { id: begun.importDataset.import.id },
    ),
  );
  const started = await ask<{ trainDetector: { training: { id: string } } }>(
    system,
    `mutation ($input: TrainDetectorInput!) { trainDetector(input: $input) { training { id } } }`,
    { input: { idempotencyKey: 'detector', dataset: dataset?.id, labels: 'TYPES', steps: STEPS } },
  );
  const { model } = await ended(() =>
    ask<{ ended: { progress: Progress; model: { id: string; ap: number } | null } }>(
      system,
      'query ($id: ID!) { ended: detectorTraining(id: $id) { progress { state detail } model { id ap } } }',
      { id: started.trainDetector.training.id },
    ),
  );
  return { dataset: dataset?.id, model };
}

async function ended<T extends { readonly progress: Progress }>(
  look: () => Promise<{ ended: T }>,
): Promise<T> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const seen = (await look()).ended;
    const { state, detail } = seen.progress;
    if (state === 'FAILED') throw new Error(`it failed: ${detail}`);
    if (state === 'DONE') return seen;
    if (Date.now() > deadline) throw new Error(`it did not end: ${detail}`);
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

export interface DetectedPhoto {
  readonly id: string;
  readonly detections: readonly { readonly box: readonly number[]; readonly category: string }[];
  readonly garments: readonly { readonly box: readonly number[]; readonly score: number }[];
}

/** What was found in the photographs of a run (at most 100), and how far detection is. */
export async function detectedIn(system: System, run: string) {
  const answer = await ask<{
    run: {
      detection: { state: string; done: number; failed: number; expected: number };
      photos: { edges: { node: DetectedPhoto }[] };
    };
  }>(
    system,
    `query ($id: ID!) { run(id: $id) {
      detection { state done failed expected }
      photos(first: 100) { edges { node { id detections { box category } garments { box score } } } }
    } }`,
    { id: run },
  );
  return {
    stage: answer.run.detection,
    photos: answer.run.photos.edges.map(({ node }) => node),
  };
}
