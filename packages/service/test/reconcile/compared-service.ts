import { encodeEvent } from '@deepstyle/contracts';
import { createLogger } from '@deepstyle/platform';
import type { DeadLetter, Message, ObjectStore } from '@deepstyle/storage';
import { consumer } from '../../src/index.ts';
import type { ReconciledService } from '../../src/reconcile/reconciled-service.ts';
import type { Reconciler } from '../../src/reconcile/reconciler.ts';

type Held = Pick<Message, 'id' | 'data'>;

export const MINUTE_MS = 60_000;

export function jobFor(runId: string): Held {
  return { id: `work:${runId}`, data: new TextEncoder().encode(JSON.stringify({ runId })) };
}

/** A service whose stores are what a test puts there. */
export function comparedService(reconciler: Partial<Reconciler>) {
  const held = { outbox: [] as Held[], queue: [] as Held[], letters: [] as DeadLetter[], lag: 0 };
  const enqueued: { readonly id: string | undefined; readonly payload: object }[] = [];
  const clock = { now: new Date('2026-03-01T12:00:00Z') };
  const warnings: object[] = [];
  const infos: object[] = [];
  const service: ReconciledService = {
    name: 'cropper',
    ports: {
      clock: () => clock.now,
      logger: Object.assign(createLogger({ level: 'silent', name: 'test' }), {
        warn: (fields: object) => void warnings.push(fields),
        info: (fields: object) => void infos.push(fields),
      }),
      database: {
        schema: 'test',
        transaction: (_holder, work) => work({ query: async () => [], script: async () => {} }),
        check: async () => {},
        close: async () => {},
      },
      objects: {} as ObjectStore,
      outbox: {
        publish: async () => {},
        publishAll: async () => {},
        enqueue: async (_tx, _kind, payload, id) => void enqueued.push({ id, payload }),
      },
    },
    parts: {
      consumers: [
        consumer({
          name: 'photos',
          types: ['deepstyle.photo.stored.v1'],
          concurrency: 1,
          handle: async () => {},
        }),
      ],
      reconciler: {
        jobs: [],
        events: [],
        objects: [],
        stalled: async () => 0,
        failed: async () => 0,
        ...reconciler,
      },
    },
    outbox: { pending: async () => held.outbox },
    sweep: { afterHours: 24, installation: async () => 'this-one' },
    bus: {
      lag: async () => held.lag,
      deadLetters: async () => held.letters,
      async *queuedJobs(subject) {
        for (const { id, data } of held.queue) yield stored(subject, id, data);
      },
    },
  };
  return { service, held, enqueued, clock, warnings, infos };
}

function stored(subject: string, id: string, data: Uint8Array) {
  return { subject, id, data, headers: {}, sequence: 1, storedAt: new Date() };
}

export function deadJob(subject: string, { id, data }: Held): DeadLetter {
  return letterOf('cropper-work', 'JOBS', stored(subject, id, data));
}

/** An event of a run that a consumer could not handle. */
export function deadEvent(durable: string, runId: string): DeadLetter {
  const gan = { steps: null, skip: false };
  const run = { id: runId, season: 'FW2019', brand: null, detector: 'none', gan };
  const data = { run, photos: 1, duplicates: 0, rejected: 0 };
  const event = encodeEvent({ type: 'deepstyle.scrape.completed.v1', data });
  return letterOf(durable, 'EVENTS', stored(event.subject, event.id, event.data));
}

function letterOf(
  durable: string,
  stream: DeadLetter['stream'],
  message: DeadLetter['message'],
): DeadLetter {
  const rest = { place: 1, attempts: 1, reason: 'poison', at: new Date() };
  return { id: `${stream}.${durable}.1`, stream, durable, message, ...rest };
}
