import type { Bus, DatabaseServer } from '@deepstyle/storage';
import type { BusState } from './read-snapshot.ts';

/** The bus that lies in the database of the data folder. */
export async function readEmbeddedBus(databases: DatabaseServer): Promise<BusState> {
  const database = await databases.schema('bus');
  return database.transaction('campaign.readBus', async (tx) => {
    const events = await tx.query<{ id: string }>(
      "SELECT id FROM messages WHERE stream = 'EVENTS'",
    );
    const jobs = await tx.query("SELECT sequence FROM messages WHERE stream = 'JOBS'");
    return {
      eventIds: events.map(({ id }) => id),
      deadLetters: await tx.query<{ id: string; reason: string }>(
        'SELECT id, reason FROM dead_letters',
      ),
      queuedJobs: jobs.length,
      durables: await tx.query<{ name: string; lag: number }>(
        `SELECT d.name, (
           (SELECT count(*) FROM messages m
            WHERE m.stream = d.stream AND m.sequence > d.cursor AND m.subject = ANY (d.subjects))
           + (SELECT count(*) FROM deliveries x WHERE x.stream = d.stream AND x.durable = d.name)
         )::int AS lag FROM durables d`,
      ),
    };
  });
}

interface StreamDetail {
  readonly name: string;
  readonly state: { readonly messages: number; readonly last_seq: number };
  readonly consumer_detail?: readonly {
    readonly name: string;
    readonly config?: { readonly durable_name?: string };
    readonly num_pending: number;
    readonly num_ack_pending: number;
  }[];
}

interface JetStreamReport {
  readonly account_details?: readonly { readonly stream_detail?: readonly StreamDetail[] }[];
}

/** NATS as its monitoring port describes it, and the events themselves. */
export async function readJetStream(monitoringPort: number, bus: Bus): Promise<BusState> {
  const url = `http://127.0.0.1:${monitoringPort}/jsz?accounts=true&streams=true&consumers=true&config=true`;
  const report = (await (await fetch(url)).json()) as JetStreamReport;
  const streams = (report.account_details ?? []).flatMap(({ stream_detail = [] }) => stream_detail);
  const events = streams.find(({ name }) => name === 'EVENTS');
  const durables = streams
    .filter(({ name }) => name === 'EVENTS' || name === 'JOBS')
    .flatMap(({ consumer_detail = [] }) => consumer_detail)
    .filter(({ config }) => config?.durable_name !== undefined);
  return {
    eventIds: await readEventIds(bus, events?.state.last_seq ?? 0),
    deadLetters: await bus.deadLetters({ after: 0, limit: 1000 }),
    queuedJobs: streams.find(({ name }) => name === 'JOBS')?.state.messages ?? 0,
    durables: durables.map(({ name, num_pending, num_ack_pending }) => ({
      name,
      lag: num_pending + num_ack_pending,
    })),
  };
}

async function readEventIds(bus: Bus, lastSequence: number): Promise<string[]> {
  const ids: string[] = [];
  if (lastSequence === 0) return ids;
  const ended = new AbortController();
  const events = bus.replay({ subjects: [], fromSequence: 1, signal: ended.signal });
  for await (const { id, sequence } of events) {
    ids.push(id);
    if (sequence >= lastSequence) break;
  }
  ended.abort();
  return ids;
}
