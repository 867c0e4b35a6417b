import {
  describeWithServer,
  drawSeasons,
  startNats,
  startPostgres,
  startS3,
  temporaryFolder,
  writeFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type OtlpReceiver,
  type ReceivedSpan,
  startOtlpReceiver,
} from '../../packages/platform/test/telemetry/otlp-receiver.ts';
import { finishRun, startRun } from '../pipeline/scenario.ts';
import { SMALL_GAN, startCluster } from '../pipeline/systems.ts';

const SEASON = 'SS2026';
// Few: the claim is that one trace holds them all.
const PHOTOS = 40;
const STEPS = 3;
const SERVER = 2;

describeWithServer(
  ['nats', 'postgres', 's3'],
  'one run through seven processes, whose traces go to one receiver',
  () => {
    const closers: (() => Promise<void>)[] = [];
    let receiver: OtlpReceiver;

    beforeAll(async () => {
      const folder = await temporaryFolder();
      closers.push(() => folder.remove());
      const drawn = await drawSeasons({ seed: 11, seasons: [SEASON], perSeason: PHOTOS });
      await writeFolder(folder.path, drawn);
      receiver = await startOtlpReceiver();
      closers.push(() => receiver.close());
      const [nats, postgres, s3] = await Promise.all([startNats(), startPostgres(), startS3()]);
      closers.push(
        () => nats.stop(),
        () => postgres.stop(),
        () => s3.stop(),
      );
      const { url: endpoint, accessKey, secretKey } = s3;
      const system = await startCluster(
        {
          databaseUrl: postgres.url,
          natsUrl: nats.url,
          s3: { endpoint, accessKey, secretKey, bucket: 'telemetry' },
        },
        { ...SMALL_GAN, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
      );
      closers.push(() => system.stop());
      const request = {
        folder: `${folder.path}/${SEASON}`,
        season: SEASON,
        idempotencyKey: 'traced',
        steps: STEPS,
      };
      await finishRun(system, await startRun(system, request));
      // What is still in a process is sent when it closes.
      await system.stop();
    }, 600_000);

    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    }, 60_000);

    /** From a span to the first of its trace, `service: name` each. */
    function wayTo(last: ReceivedSpan | undefined): string[] {
      const way: string[] = [];
      for (let span = last; span !== undefined; ) {
        way.unshift(`${span.service}: ${span.name}`);
        const { parentSpanId, traceId } = span;
        span = receiver.spans.find((one) => one.spanId === parentSpanId && one.traceId === traceId);
      }
      return way;
    }

    const find = (service: string, name: string): ReceivedSpan | undefined =>
      receiver.spans.find((span) => span.service === service && span.name === name);

    test('a photograph is cropped in the trace of the request that started the run', () => {
      const cropping = find('cropper', 'process deepstyle.photo.stored.v1');
      expect(wayTo(cropping)).toEqual([
        'gateway: POST /graphql',
        'gateway: subgraph scraper',
        'scraper: POST /graphql',
        'scraper: transaction scraper.startRun',
        'scraper: publish deepstyle.jobs.scrape',
        'scraper: process deepstyle.jobs.scrape',
        'scraper: transaction scraper.recordOutcomes',
        'scraper: publish deepstyle.photo.stored.v1',
        'cropper: process deepstyle.photo.stored.v1',
      ]);
    });

    test('so is the call by which the trainer asks another service for the garments', () => {
      // The gallery asks for them too, at the same time.
      const listing = receiver.spans.find(
        (span) =>
          span.service === 'cropper' &&
          span.kind === SERVER &&
          span.name.endsWith('/ListGarments') &&
          wayTo(span).at(-2)?.startsWith('gan-trainer: '),
      );
      const way = wayTo(listing);
      expect(way[0]).toBe('gateway: POST /graphql');
      expect(way.slice(-2)).toEqual([
        'gan-trainer: deepstyle.cropper.v1.CropperService/ListGarments',
        'cropper: deepstyle.cropper.v1.CropperService/ListGarments',
      ]);
      expect(listing?.traceId).toBe(find('cropper', 'process deepstyle.photo.stored.v1')?.traceId);
    });

    test('the trend batch at its end belongs to it too', () => {
      const batch = find('gallery', 'publish deepstyle.trend-batch.published.v1');
      expect(wayTo(batch)[0]).toBe('gateway: POST /graphql');
    });

    test('each event shows how long it waited for its way onto the bus', () => {
      const sent = find('scraper', 'send deepstyle.photo.stored.v1');
      expect(wayTo(sent).at(-2)).toBe('scraper: publish deepstyle.photo.stored.v1');
    });
  },
);
