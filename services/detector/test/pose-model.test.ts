import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { POSE_MODEL_ID, readPoseNetwork } from '@deepstyle/service';
import {
  describeWithPose,
  drawScenes,
  POSE_NETWORKS,
  type TemporaryFolder,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { detectPhotos } from '../src/detection/detect-photos.ts';
import { createInferenceCache } from '../src/detection/inference-cache.ts';
import { createPhotoQueue } from '../src/detection/photo-queue.ts';
import { createDetector } from '../src/detector.ts';
import { modelNode } from '../src/graph-nodes.ts';
import type { Ports } from '../src/ports.ts';
import { activeModel, modelsById } from '../src/records.ts';
import { storePhoto } from './drawn-dataset.ts';
import { openPorts } from './opened-ports.ts';
import { runOf } from './running-detector.ts';

let opened: Awaited<ReturnType<typeof openPorts>>;
let folder: TemporaryFolder;
beforeAll(async () => {
  [opened, folder] = await Promise.all([openPorts(), temporaryFolder('pose')]);
}, 60_000);
afterAll(async () => {
  await opened.close();
  await folder.remove();
});

/** The ports where the networks are in a folder. */
function portsWith(poseFolder: string): Ports {
  const { ports } = opened;
  return { ...ports, settings: { ...ports.settings, poseFolder } };
}

const stored = () =>
  opened.ports.database.transaction('test', (tx) => modelsById(tx, [POSE_MODEL_ID]));

/** Looks for garments in photographs and returns what is announced of them. */
async function detect(ports: Ports, photos: readonly Uint8Array[]) {
  const run = runOf(randomUUID(), POSE_MODEL_ID);
  const queue = createPhotoQueue(ports);
  for (const bytes of photos) {
    await queue.photoStored({ run, photo: await storePhoto(ports.objects, bytes) });
  }
  opened.published.splice(0);
  const models = createInferenceCache(ports);
  const { signal } = new AbortController();
  await detectPhotos({ ...ports, models }, { runId: run.id, job: 'job' }, signal);
  await models.close();
  return opened.published.map(({ data }) => data);
}

const plainPhoto = (width: number, height: number): Promise<Uint8Array> =>
  sharp({ create: { width, height, channels: 3, background: '#8a7' } })
    .png()
    .toBuffer();

describe('the detector by the joints of people without its network', () => {
  test.each([
    ['that is not there', 'nowhere', () => {}, /movenet-multipose\.json is missing/],
    [
      'of another content',
      'other',
      async (path: string) => {
        await writeFile(join(path, 'movenet-multipose.json'), '{"format":"graph-model"}');
        await writeFile(join(path, 'movenet-multipose.bin'), new Uint8Array(100));
      },
      /movenet-multipose\.json is not the file that belongs there/,
    ],
  ])('%s says what fetches it, and nothing is stored', async (_name, name, fill, problem) => {
    const path = join(folder.path, name);
    await mkdir(path);
    await fill(path);
    const failure = createDetector(portsWith(path)).getPoseModel();
    await expect(failure).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'POSE_FILES_MISSING',
      message: expect.stringMatching(problem),
    });
    await expect(failure).rejects.toThrow(/scripts\/pose\/fetch\.sh fetches it/);
    expect(await stored()).toEqual([]);
  });

  test('fails the photographs of a run and says what fetches it', async () => {
    const ports = portsWith(join(folder.path, 'away'));
    const [failed] = await detect(ports, [new TextEncoder().encode('a photograph')]);
    expect(failed).toMatchObject({
      stage: 'detect',
      reason: expect.stringContaining('scripts/pose/fetch.sh'),
    });
  });
});

describeWithPose('the detector by the joints of people', () => {
  test('with half of its network says what fetches it', async () => {
    const path = join(folder.path, 'half');
    const { json, weights } = await readPoseNetwork(POSE_NETWORKS, 'movenet-multipose');
    await mkdir(path);
    await writeFile(join(path, 'movenet-multipose.json'), json);
    await writeFile(join(path, 'movenet-multipose.bin'), weights.subarray(0, weights.length / 2));
    await expect(createDetector(portsWith(path)).getPoseModel()).rejects.toThrow(
      /movenet-multipose\.bin is not the file that belongs there/,
    );
  });

  test('has a record that says what it is, once, and is not the one of runs that name none', async () => {
    const detector = createDetector(portsWith(POSE_NETWORKS));
    const model = await detector.getPoseModel();
    expect(await detector.getPoseModel()).toEqual(model);
    expect(await stored()).toHaveLength(1);
    expect(modelNode(model)).toMatchObject({
      dataset: null,
      network: expect.stringMatching(/MoveNet.*Apache-2\.0.*joints/),
      labels: 'TYPES',
      categories: ['upper', 'lower', 'full', 'shoes'],
      ap: null,
    });
    expect(await opened.ports.database.transaction('test', activeModel)).toBeNull();
  });

  test('finds whole-pixel boxes of types on people, and nothing where nobody is', async () => {
    const shape = { widthPx: 384, heightPx: 512 };
    const { photos } = await drawScenes({ ...shape, seed: 3, perSeason: 3, seasons: ['FW2019'] });
    const found = await detect(portsWith(POSE_NETWORKS), [
      photos[0]?.bytes as Uint8Array,
      await plainPhoto(300, 200),
      await plainPhoto(1, 4000),
    ]);
    const detections = found.map((data) => (data as { detections: unknown[] }).detections);
    const [nobody, line, people] = detections.sort((a, b) => a.length - b.length);
    expect([nobody, line]).toEqual([[], []]);
    expect(people?.length).toBeGreaterThan(0);
    for (const detection of people as { box: number[]; category: string }[]) {
      expect(['upper', 'lower', 'full', 'shoes']).toContain(detection.category);
      expect(detection.box.every(Number.isInteger)).toBe(true);
    }
  }, 120_000);
});
