import { setTimeout as sleep } from 'node:timers/promises';
import { createJetStreamBus } from '@deepstyle/storage';
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
import { ask, finishRun, startRun } from '../pipeline/scenario.ts';
import { SMALL_GAN, type System, startEmbedded } from '../pipeline/systems.ts';

const SEASONS = ['SS2026', 'FW2026', 'SS2027'] as const;
const PER_SEASON = 20;
// Longer than any client waits for an answer, so that work fails and is delivered again; and over before the fourth delivery,
// after which the next one is half a minute away.
const OUTAGE_MS = 11_000;
const LIMIT_MS = 240_000;

interface RestartableServer {
  kill(): Promise<void>;
  restart(): Promise<void>;
}

describeWithServer(
  ['nats', 'postgres', 's3'],
  'a store that goes away in the middle of a run',
  () => {
    const closers: (() => Promise<void>)[] = [];
    let servers: Record<'nats' | 'postgres' | 's3', RestartableServer>;
    let folder: TemporaryFolder;
    let system: System;
    let natsUrl: string;

    beforeAll(async () => {
      folder = await temporaryFolder();
      const drawing = drawSeasons({ seed: 21, seasons: SEASONS, perSeason: PER_SEASON });
      const [nats, postgres, s3] = await Promise.all([
        startNats(),
        // What was committed has to outlive a kill.
        startPostgres({ settings: ['synchronous_commit=on'] }),
        startS3(),
      ]);
      for (const server of [nats, postgres, s3]) closers.push(() => server.stop());
      await writeFolder(`${folder.path}/drawn`, await drawing);
      servers = { nats, postgres, s3 };
      natsUrl = nats.url;
      system = await startEmbedded(`${folder.path}/data`, {
        ...SMALL_GAN,
        DATABASE_URL: postgres.url,
        NATS_URL: nats.url,
        S3_ENDPOINT: s3.url,
        S3_ACCESS_KEY: s3.accessKey,
        S3_SECRET_KEY: s3.secretKey,
      });
      closers.push(() => system.stop());
    }, LIMIT_MS);

    afterAll(async () => {
      // Servers last: what uses them closes first.
      for (const close of closers.reverse()) await close();
      await folder.remove();
    }, 60_000);

    async function readiness(): Promise<{ ok: boolean; failing: readonly string[] }> {
      const response = await fetch(`${system.url}/readyz`);
      return (await response.json()) as { ok: boolean; failing: readonly string[] };
    }

    async function waitUntil(what: string, isTrue: () => Promise<boolean>): Promise<void> {
      const deadline = Date.now() + 60_000;
      while (!(await isTrue())) {
        if (Date.now() > deadline) throw new Error(`${what}\n${system.processes[0]?.output()}`);
        await sleep(100);
      }
    }

    const croppedOf = async (run: string): Promise<number> => {
      const answer = await ask<{ run: { cropping: { done: number } | null } }>(
        system,
        'query ($id: ID!) { run(id: $id) { cropping { done } } }',
        { id: run },
      );
      return answer.run.cropping?.done ?? 0;
    };

    test.each([
      ['nats', 'bus', SEASONS[0]],
      ['postgres', 'database', SEASONS[1]],
      ['s3', 'objects', SEASONS[2]],
    ] as const)(
      '%s: the run ends with everything, and nothing is given up',
      async (server, store, season) => {
        const run = await startRun(system, {
          folder: `${folder.path}/drawn/${season}`,
          season,
          idempotencyKey: season,
          steps: 2,
        });
        await waitUntil('nothing was cropped', async () => (await croppedOf(run)) > 0);
        await servers[server].kill();
        try {
          await waitUntil('the process does not tell', async () => {
            const { failing } = await readiness();
            return failing.includes(store) && failing.includes(`${store} (write)`);
          });
          await sleep(OUTAGE_MS);
        } finally {
          await servers[server].restart();
        }
        await waitUntil('the process was not ready again', async () => (await readiness()).ok);
        const { photos, garments, counts, designs } = await finishRun(system, run);
        expect(counts.stored).toBe(PER_SEASON);
        expect(new Set(photos).size).toBe(PER_SEASON);
        expect(new Set(garments).size).toBe(PER_SEASON);
        expect(garments).toHaveLength(PER_SEASON);
        expect(designs).toBe(64);
        const bus = await createJetStreamBus({ url: natsUrl });
        expect(await bus.countDeadLetters()).toEqual([]);
        await bus.close();
      },
      LIMIT_MS,
    );
  },
);
