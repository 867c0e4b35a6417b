import {
  describeWithServer,
  drawSeasons,
  startNats,
  startPostgres,
  startS3,
  type TemporaryFolder,
  temporaryFolder,
  writeFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Provenance, provenanceOf } from './provenance.ts';
import { finishRun, type Outcome, startRun } from './scenario.ts';
import { SMALL_GAN, type System, startCluster, startEmbedded } from './systems.ts';

const SEASONS = ['SS2026', 'FW2026'] as const;
// Few: the claim is equality, not quality.
const PER_SEASON = 40;
const STEPS = 3;

describeWithServer(
  ['nats', 'postgres', 's3'],
  'two drawn seasons, in one process and as seven over real servers',
  () => {
    const closers: (() => Promise<void>)[] = [];
    let folder: TemporaryFolder;
    let drawn: Awaited<ReturnType<typeof drawSeasons>>;
    const outcomes: { embedded: Outcome[]; cluster: Outcome[] } = { embedded: [], cluster: [] };
    const provenance: Provenance[] = [];

    beforeAll(async () => {
      folder = await temporaryFolder();
      drawn = await drawSeasons({ seed: 11, seasons: SEASONS, perSeason: PER_SEASON });
      await writeFolder(`${folder.path}/drawn`, drawn);
      const embedded = await startEmbedded(`${folder.path}/data`, SMALL_GAN);
      closers.push(() => embedded.stop());
      outcomes.embedded = await runSeasons(embedded);
      provenance.push(await provenanceOf(embedded, SEASONS[1]));
      await embedded.stop();
      const [nats, postgres, s3] = await Promise.all([startNats(), startPostgres(), startS3()]);
      closers.push(
        () => nats.stop(),
        () => postgres.stop(),
        () => s3.stop(),
      );
      const { url: endpoint, accessKey, secretKey } = s3;
      const cluster = await startCluster(
        {
          databaseUrl: postgres.url,
          natsUrl: nats.url,
          s3: { endpoint, accessKey, secretKey, bucket: 'pipeline' },
        },
        SMALL_GAN,
      );
      closers.push(() => cluster.stop());
      outcomes.cluster = await runSeasons(cluster);
      provenance.push(await provenanceOf(cluster, SEASONS[1]));
    }, 600_000);

    afterAll(async () => {
      // Servers last: what uses them closes first.
      for (const close of closers.reverse()) await close();
      await folder.remove();
    }, 60_000);

    async function runSeasons(system: System): Promise<Outcome[]> {
      const found: Outcome[] = [];
      for (const season of SEASONS) {
        const request = {
          folder: `${folder.path}/drawn/${season}`,
          season,
          idempotencyKey: `run-${season}`,
          steps: STEPS,
        };
        found.push(await finishRun(system, await startRun(system, request)));
      }
      return found;
    }

    test('the same photographs, garments, shares and momentum', () => {
      for (const [index, outcome] of outcomes.embedded.entries()) {
        expect(outcomes.cluster[index]).toEqual(outcome);
      }
    });

    test('every drawn photograph is there once; copies and what is no photograph are counted', () => {
      const counts = outcomes.embedded.map((outcome) => outcome.counts);
      const sum = (key: keyof Outcome['counts']) =>
        counts.reduce((total, one) => total + one[key], 0);
      expect(counts.map(({ stored }) => stored)).toEqual([PER_SEASON, PER_SEASON]);
      expect(sum('duplicates')).toBe(drawn.truth.duplicates);
      expect(sum('rejected')).toBe(drawn.truth.notPhotos);
      for (const { photos, garments } of outcomes.embedded) {
        expect(new Set(photos).size).toBe(PER_SEASON);
        expect(new Set(garments).size).toBe(PER_SEASON);
      }
    });

    test('the shares are those that were drawn', () => {
      for (const { name, shares } of drawn.truth.categories) {
        for (const [index, share] of shares.entries()) {
          const categories = outcomes.embedded[index]?.trend.categories as {
            name: string;
            share: number;
          }[];
          expect(categories.find((category) => category.name === name)?.share ?? 0).toBeCloseTo(
            share,
            10,
          );
        }
      }
    });

    test('the first season has no momentum and says why; the second is compared with it', () => {
      expect(outcomes.embedded.map(({ trend }) => trend.previousSeason)).toEqual([null, 'SS2026']);
      expect(outcomes.embedded[0]?.trend.momentumReason).toBe('no earlier season');
      expect(outcomes.embedded[1]?.trend.momentumReason).toBeNull();
    });

    test('each season has a collection of 64 designs', () => {
      expect(outcomes.embedded.map(({ designs }) => designs)).toEqual([64, 64]);
      expect(outcomes.cluster.map(({ designs }) => designs)).toEqual([64, 64]);
    });

    test('one query goes from a trend batch to a design, its model, the garments behind and their photographs', () => {
      expect(provenance).toHaveLength(2);
      for (const { trendBatch, design, model, garments, nearest } of provenance) {
        expect([trendBatch, design, model].every((id) => id.length > 0)).toBe(true);
        const known = new Set(outcomes.embedded.flatMap((outcome) => outcome.garments));
        const photos = new Set(outcomes.embedded.flatMap((outcome) => outcome.photos));
        expect(garments).toHaveLength(5);
        expect(nearest.length).toBeGreaterThan(0);
        for (const { id, photo } of [...garments, ...nearest]) {
          expect(known).toContain(id);
          expect(photos).toContain(photo.id);
        }
        for (const { photo } of garments) expect(photo.attribution?.source).toMatch(/\.jpg$/);
      }
    });
  },
);
