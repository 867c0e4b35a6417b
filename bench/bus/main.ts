import { serverAvailable, startNats, startPostgres } from '@deepstyle/testkit';
import { measureOutbox } from './outbox.ts';
import { openPort } from './port.ts';
import { openRaw } from './raw.ts';
import { measureLatencies, type Pattern, quantiles } from './route.ts';

/** Turns that the two take, so that what else the machine does strikes both. */
const ROUNDS = 10;
/** One message after the other; and at the pace of a scrape of many photographs. */
const PATTERNS: readonly Pattern[] = [
  { name: 'sequential', messages: 300, perSecond: null },
  { name: 'paced', messages: 300, perSecond: 500 },
];

/**
 * The way of an event from `publish` to its handler over the port of the bus, against the same over the NATS client alone,
 * in milliseconds; and, with a PostgreSQL, from a commit to the publication by the outbox. The port is to take at most 1.5
 * times as long (a ratio of 0.67), the outbox at most 50 ms in 99 of 100 cases.
 */
export async function run() {
  if (!serverAvailable('nats')) throw new Error('bench/bus needs a nats-server.');
  const nats = await startNats();
  try {
    const { ours, theirs } = await comparePatterns(nats.url);
    const ratios = Object.fromEntries(
      Object.entries(theirs).map(([name, ms]) => [name, ms / (ours[name] ?? Number.NaN)]),
    );
    const outbox = await measureOutboxOn(nats.url);
    return {
      peer: '@nats-io/jetstream publish and consume',
      ratios,
      memory: { oursPeakMb: Math.round(process.resourceUsage().maxRSS / 1024) },
      ours: { ...ours, ...outbox },
      theirs,
      unit: 'ms',
    };
  } finally {
    await nats.stop();
  }
}

async function comparePatterns(url: string) {
  const routes = { ours: await openPort(url), theirs: await openRaw(url) };
  const ours: Record<string, number> = {};
  const theirs: Record<string, number> = {};
  for (const pattern of PATTERNS) {
    const measured = { ours: [] as number[], theirs: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const side of ['theirs', 'ours'] as const) {
        const latencies = await measureLatencies(routes[side], pattern);
        // The first round is for the machine to warm up.
        if (round > 0) measured[side].push(...latencies);
      }
    }
    Object.assign(ours, quantiles(pattern.name, measured.ours));
    Object.assign(theirs, quantiles(pattern.name, measured.theirs));
  }
  await Promise.all([routes.ours.close(), routes.theirs.close()]);
  return { ours, theirs };
}

async function measureOutboxOn(natsUrl: string): Promise<Record<string, number>> {
  if (!serverAvailable('postgres')) {
    process.stderr.write('PostgreSQL is not installed: the outbox is not measured\n');
    return {};
  }
  const postgres = await startPostgres();
  try {
    return quantiles('outbox commit to publish', await measureOutbox(postgres.url, natsUrl));
  } finally {
    await postgres.stop();
  }
}
