import { METRICS, type MetricDefinition } from '@deepstyle/platform';
import { drawSeasons, temporaryFolder, writeFolder } from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import getPort from 'get-port';
import { finishRun, startRun } from '../pipeline/scenario.ts';
import { SMALL_GAN, startEmbedded } from '../pipeline/systems.ts';

const SEASON = 'SS2026';
const PHOTOS = 40;
const STEPS = 3;

const closers: (() => Promise<void>)[] = [];
let scraped: string;

beforeAll(async () => {
  const folder = await temporaryFolder();
  closers.push(() => folder.remove());
  const drawn = await drawSeasons({ seed: 11, seasons: [SEASON], perSeason: PHOTOS });
  await writeFolder(`${folder.path}/drawn`, drawn);
  const port = await getPort({ host: '127.0.0.1' });
  const system = await startEmbedded(`${folder.path}/data`, {
    ...SMALL_GAN,
    METRICS_PORT: String(port),
  });
  closers.push(() => system.stop());
  const request = {
    folder: `${folder.path}/drawn/${SEASON}`,
    season: SEASON,
    idempotencyKey: 'scraped',
    steps: STEPS,
  };
  await finishRun(system, await startRun(system, request));
  scraped = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}, 600_000);

afterAll(async () => {
  for (const close of closers.reverse()) await close();
}, 60_000);

/** The value of one series, NaN where it is not exposed. */
function sampleOf(series: string): number {
  const line = scraped.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? Number.NaN);
}

test('after a run each of its steps, images and jobs is counted', () => {
  const steps = 'deepstyle_training_step_duration_seconds_count{service="gan-trainer"}';
  expect(sampleOf(steps)).toBe(STEPS);
  const trained = sampleOf('deepstyle_images_total{service="gan-trainer",work="train"}');
  // Whole batches, as many as there were steps.
  expect(trained / STEPS).toBeGreaterThan(0);
  expect(trained % STEPS).toBe(0);
  const job = 'deepstyle_job_duration_seconds_count{service="scraper",kind="scrape",outcome="ack"}';
  expect(sampleOf(job)).toBe(1);
});

test('of a run that has ended nothing waits', () => {
  for (const [service, kind] of [
    ['scraper', 'scrape'],
    ['gan-trainer', 'gan-train'],
  ]) {
    const series = `deepstyle_jobs_waiting{service="${service}",kind="${kind}"}`;
    expect([series, sampleOf(series)]).toEqual([series, 0]);
  }
  expect(sampleOf('deepstyle_outbox_messages{service="scraper"}')).toBe(0);
});

test('requests and calls are counted by what was asked, not by who or which', () => {
  const series = (name: string) =>
    scraped.split('\n').filter((line) => line.startsWith(`${name}_count{`));
  const routes = series('deepstyle_http_request_duration_seconds');
  expect(routes.join()).toContain('{method="POST",route="/graphql",status="200"}');
  expect(series('deepstyle_grpc_call_duration_seconds').join()).toContain(
    '{method="deepstyle.cropper.v1.CropperService/ListGarments",code="OK"}',
  );
});

test('nothing is exposed that does not stand in the list', () => {
  const listed = new Map<string, string>(
    Object.values<MetricDefinition>(METRICS).map(({ name, kind }) => [name, kind]),
  );
  const exposed = [...scraped.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => [
    name,
    kind,
  ]);
  expect(exposed.length).toBeGreaterThan(0);
  expect(exposed.filter(([name = '', kind]) => listed.get(name) !== kind)).toEqual([]);
});
