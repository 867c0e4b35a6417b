import {
  describeWithServer,
  drawScenes,
  startNats,
  startPostgres,
  startS3,
  type TemporaryFolder,
  temporaryFolder,
  writeScenes,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type DetectedPhoto,
  detectedIn,
  drawTrainingScenes,
  TINY_DETECTOR,
  trainOn,
} from './detection.ts';
import { finishRun, startRun } from './scenario.ts';
import { SMALL_GAN, type System, startCluster, startEmbedded } from './systems.ts';

const SEASON = 'SS2026';
// Few: the claim is equality, not quality.
const SCENES = 12;
const SETTINGS = { ...TINY_DETECTOR, ...SMALL_GAN };

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
      // With a file that is no photograph.
      const options = { seed: 5, seasons: [SEASON], perSeason: SCENES, notPhotos: 1 };
      await writeScenes(`${folder.path}/show`, await drawScenes(options));
      await drawTrainingScenes(`${folder.path}/scenes`);
      const one = await startEmbedded(`${folder.path}/data`, SETTINGS);
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
        SETTINGS,
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
