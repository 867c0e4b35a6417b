import {
  describeWithServer,
  drawScenes,
  startNats,
  startPostgres,
  startS3,
  type TemporaryFolder,
  temporaryFolder,
  writeSceneSplits,
  writeScenes,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type DetectedPhoto, detectedIn, TINY_DETECTOR, trainOn } from './detection.ts';
import { finishRun, startRun } from './scenario.ts';
import { type System, startCluster, startEmbedded } from './systems.ts';

const SEASON = 'SS2026';
// Few: the claim is equality, not quality.
const SCENES = 12;

interface Detected {
  readonly trained: unknown;
  readonly stage: unknown;
  readonly photos: readonly DetectedPhoto[];
  readonly garments: readonly string[];
  readonly counts: { readonly stored: number; readonly rejected: number };
}

describeWithServer(
  ['nats', 'postgres', 's3'],
  'a detector trained and used, in one process and as seven over real servers',
  () => {
    const closers: (() => Promise<void>)[] = [];
    let folder: TemporaryFolder;
    let embedded: Detected;
    let cluster: Detected;

    beforeAll(async () => {
      folder = await temporaryFolder();
      await drawShow(folder.path);
      const one = await startEmbedded(`${folder.path}/data`, TINY_DETECTOR);
      closers.push(() => one.stop());
      embedded = await detectShow(one);
      await one.stop();
      const [nats, postgres, s3] = await Promise.all([startNats(), startPostgres(), startS3()]);
      closers.push(
        () => nats.stop(),
        () => postgres.stop(),
        () => s3.stop(),
      );
      const { url: endpoint, accessKey, secretKey } = s3;
      const many = await startCluster(
        {
          databaseUrl: postgres.url,
          natsUrl: nats.url,
          s3: { endpoint, accessKey, secretKey, bucket: 'detected' },
        },
        TINY_DETECTOR,
      );
      closers.push(() => many.stop());
      cluster = await detectShow(many);
    }, 600_000);

    afterAll(async () => {
      // Servers last: what uses them closes first.
      for (const close of closers.reverse()) await close();
      await folder.remove();
    }, 60_000);

    async function detectShow(system: System): Promise<Detected> {
      const trained = await trainOn(system, `${folder.path}/scenes`);
      const run = await startRun(system, {
        folder: `${folder.path}/show/${SEASON}`,
        season: SEASON,
        idempotencyKey: 'show',
        steps: 3,
        detector: null,
      });
      const { garments, counts } = await finishRun(system, run);
      return { ...(await detectedIn(system, run)), trained, garments, counts };
    }

    test('the same detector, and the same boxes and garments in each photograph', () => {
      expect(cluster).toEqual(embedded);
      expect(embedded.garments.length).toBeGreaterThan(0);
    });

    test('every photograph goes through the detector; what is none never gets there', () => {
      const stage = { state: 'DONE', done: SCENES, failed: 0, expected: SCENES };
      expect(embedded.stage).toEqual(stage);
      expect(embedded.counts).toMatchObject({ stored: SCENES, rejected: 1 });
      expect(embedded.photos).toHaveLength(SCENES);
    });

    test('each garment is one of the detections of its photograph', () => {
      for (const { detections, garments } of embedded.photos) {
        const boxes = detections.map(({ box }) => box);
        for (const { box, score } of garments) {
          expect(boxes).toContainEqual(box);
          expect(score).toBeGreaterThan(0);
        }
      }
    });
  },
);

/** A show with a file that is no photograph, and scenes to train a detector on. */
async function drawShow(path: string): Promise<void> {
  const show = await drawScenes({ seed: 5, seasons: [SEASON], perSeason: SCENES, notPhotos: 1 });
  await writeScenes(`${path}/show`, show);
  const draw = async (name: string, seed: number) =>
    (await drawScenes({ seed, seasons: [name], perSeason: SCENES, shares: 'even' })).photos;
  await writeSceneSplits(`${path}/scenes`, {
    train: await draw('train', 6),
    val: await draw('val', 7),
    test: await draw('test', 8),
  });
}
