import { countMetric } from '@deepstyle/platform';
import { z } from 'zod';
import { consumerDurable } from '../events/consumer.ts';
import { allDeadLetters } from './all-dead-letters.ts';
import { Backoff } from './backoff.ts';
import { decodeObject } from './decode-object.ts';
import type { ReconciledService, Round } from './reconciled-service.ts';
import type { AnnouncedRun, ReconciledEvents } from './reconciler.ts';

/** How far back runs are compared: as long as the bus keeps events by custom. */
const WINDOW_MS = 14 * 24 * 3_600_000;
/** What was announced this lately may still be on its way. */
const QUIET_MS = 2 * 60_000;

const RUN_EVENT = z.object({ run: z.object({ id: z.string() }) });

/**
 * Finds runs of which another service has said something that never arrived: nothing waits on the bus, and yet the records lack
 * it. The other service is asked to say it again; less and less often where that does not help.
 */
export function eventRound(of: ReconciledService, events: ReconciledEvents): Round {
  const backoff = new Backoff();
  /** Runs of which all is here, and when they had been announced so far. */
  let whole: ReadonlyMap<string, number> = new Map();
  return async (now) => {
    const runs = await quietRuns(events, now);
    const suspects = runs.filter((run) => whole.get(run.runId) !== run.updatedAt?.getTime());
    if (await waitsOnBus(of, events, suspects)) return;
    const lacking = await findLacking(of, events, suspects);
    whole = new Map(
      runs
        .filter(({ runId }) => !lacking.has(runId))
        .map(({ runId, updatedAt }) => [runId, updatedAt?.getTime() ?? 0]),
    );
    backoff.keep(lacking);
    const buried = lacking.size === 0 ? new Set() : await runsInDeadLetters(of, events);
    for (const runId of lacking) {
      // With a dead letter it is a person's turn.
      if (buried.has(runId) || !backoff.isDue(runId, now)) continue;
      backoff.asked(runId, now);
      await announceAgain(of, events, runId);
    }
  };
}

async function quietRuns(events: ReconciledEvents, now: Date): Promise<readonly AnnouncedRun[]> {
  const runs: AnnouncedRun[] = [];
  for await (const run of events.announced(new Date(now.getTime() - WINDOW_MS))) {
    const at = run.updatedAt?.getTime() ?? 0;
    if (now.getTime() - at >= QUIET_MS) runs.push(run);
  }
  return runs;
}

/** Asked before the records are read: what the bus no longer has is in the records then, or lost. */
async function waitsOnBus(
  { name, parts, bus }: ReconciledService,
  { consumers }: ReconciledEvents,
  suspects: readonly AnnouncedRun[],
): Promise<boolean> {
  if (suspects.length === 0) return false;
  const asked = parts.consumers.filter((consumer) => consumers.includes(consumer.name));
  const lags = asked.map((consumer) => bus.lag('EVENTS', consumerDurable(name, consumer)));
  return (await Promise.all(lags)).some((lag) => lag > 0);
}

async function findLacking(
  { name, ports }: ReconciledService,
  events: ReconciledEvents,
  suspects: readonly AnnouncedRun[],
): Promise<ReadonlySet<string>> {
  if (suspects.length === 0) return new Set();
  const found = await ports.database.transaction(`${name}.lacking`, (tx) =>
    events.lacking(tx, suspects),
  );
  return new Set(found);
}

async function runsInDeadLetters(
  { name, parts, bus }: ReconciledService,
  { consumers }: ReconciledEvents,
): Promise<ReadonlySet<string>> {
  const durables = parts.consumers
    .filter((consumer) => consumers.includes(consumer.name))
    .map((consumer) => consumerDurable(name, consumer));
  const runs = new Set<string>();
  for await (const { durable, message } of allDeadLetters(bus)) {
    const id = RUN_EVENT.safeParse(decodeObject(message.data)).data?.run.id;
    if (id !== undefined && durables.includes(durable)) runs.add(id);
  }
  return runs;
}

async function announceAgain(
  { name, ports }: ReconciledService,
  { producer, announceAgain: ask }: ReconciledEvents,
  runId: string,
): Promise<void> {
  ports.logger.warn({ runId, producer }, 'events of a run were lost, and are asked for again');
  countMetric('eventsLost', { service: name, producer });
  await ask(runId);
}
