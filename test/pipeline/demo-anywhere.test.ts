import { processEnvironment } from '@deepstyle/platform';
import {
  describeWithServer,
  startNats,
  startPostgres,
  startS3,
  type TemporaryFolder,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Drawn } from '../../packages/cli/src/demo/draw.ts';
import { drawScenesOf } from '../../packages/cli/src/demo/play.ts';
import { type DemoOutcome, demoOn } from './demo-outcome.ts';
import { demoTrial } from './demo-trials.ts';
import { startCluster, startEmbedded } from './systems.ts';
import { type Struck, striker, trainingStepsOf } from './workers.ts';

const { plan, settings, blows } = demoTrial(processEnvironment().DEEPSTYLE_DEMO_SIZE);
const LIMIT_MS = 1_800_000;

describeWithServer(
  ['nats', 'postgres', 's3'],
  'the demo, in one process, and on a cluster whose workers are struck down in mid-training',
  () => {
    const closers: (() => Promise<void>)[] = [];
    let folder: TemporaryFolder;
    let drawn: Drawn;
    let embedded: DemoOutcome;
    let clustered: DemoOutcome;
    let struck: readonly Struck[];
    /** Steps that were done by those who were not struck down. */
    let survivors: { readonly detector: number; readonly gan: number };

    beforeAll(async () => {
      folder = await temporaryFolder();
      drawn = await drawScenesOf(plan, folder.path);
      // At the same time: in one, much of it is waiting for the lease of a worker that is no more.
      await Promise.all([playEmbedded(), playOnCluster()]);
    }, LIMIT_MS);

    afterAll(async () => {
      // Servers last: what uses them closes first.
      for (const close of closers.reverse()) await close();
      await folder.remove();
    }, 60_000);

    async function playEmbedded(): Promise<void> {
      const system = await startEmbedded(`${folder.path}/data`, settings);
      closers.push(() => system.stop());
      embedded = await demoOn(system, plan, drawn, `${folder.path}/one`);
    }

    async function playOnCluster(): Promise<void> {
      const [nats, postgres, s3] = await Promise.all([startNats(), startPostgres(), startS3()]);
      closers.push(
        () => nats.stop(),
        () => postgres.stop(),
        () => s3.stop(),
      );
      const { url: endpoint, accessKey, secretKey } = s3;
      const stores = {
        databaseUrl: postgres.url,
        natsUrl: nats.url,
        s3: { endpoint, accessKey, secretKey, bucket: 'demo' },
      };
      const system = await startCluster(stores, settings, { detector: 2, 'gan-trainer': 2 });
      closers.push(() => system.stop());
      const detector = striker(system, 'detector', blows.detector);
      const gan = striker(system, 'gan-trainer', blows.gan);
      clustered = await demoOn(system, plan, drawn, `${folder.path}/many`, (service, step) =>
        (service === 'detector' ? detector : gan).trainingIsAt(step),
      );
      struck = [...detector.struck, ...gan.struck];
      const stepsOf = async (service: 'detector' | 'gan-trainer') => {
        const steps = await Promise.all(system.workersOf(service).map(trainingStepsOf));
        return steps.reduce((sum, one) => sum + one, 0);
      };
      survivors = { detector: await stepsOf('detector'), gan: await stepsOf('gan-trainer') };
    }

    test('the same results', () => {
      expect(clustered.result).toEqual(embedded.result);
    });

    test('the same detector, byte by byte, and the same precision', () => {
      expect(clustered.detector).toEqual(embedded.detector);
      expect(embedded.detector.steps).toBe(plan.sizes.detectorSteps);
    });

    test('the same photographs, garments, shares and changes in every season', () => {
      expect(clustered.seasons).toEqual(embedded.seasons);
      for (const { garments } of embedded.seasons) expect(garments.length).toBeGreaterThan(0);
    });

    test('the same GAN: its distances, and its samples pixel by pixel', () => {
      expect(clustered.gan).toEqual(embedded.gan);
      expect(embedded.gan.samples.at(-1)?.step).toBe(plan.sizes.ganSteps);
    });

    test('a collection of as many designs', () => {
      expect([embedded.result.designs, clustered.result.designs]).toEqual([64, 64]);
    });

    test('each blow met a worker that had the training; a killed one had no time to say anything', () => {
      const met = struck.map(({ service, signal }) => ({ service, signal }));
      expect(met).toEqual([
        ...blows.detector.map(({ signal }) => ({ service: 'detector', signal })),
        ...blows.gan.map(({ signal }) => ({ service: 'gan-trainer', signal })),
      ]);
      for (const { steps, signal, hasGivenBack } of struck) {
        expect(steps).toBeGreaterThan(0);
        expect(hasGivenBack).toBe(signal === 'SIGTERM');
      }
    });

    test('a worker that was asked to stop ended in order', () => {
      const asked = struck.filter(({ signal }) => signal === 'SIGTERM');
      expect(asked.map(({ exitCode }) => exitCode)).toEqual(asked.map(() => 0));
    });

    test('another one went on from a checkpoint, instead of beginning again', () => {
      for (const [steps, all] of [
        [survivors.detector, plan.sizes.detectorSteps],
        [survivors.gan, plan.sizes.ganSteps],
      ] as const) {
        expect(steps).toBeGreaterThan(0);
        expect(steps).toBeLessThan(all);
      }
    });
  },
);
