import { countMetric } from '@deepstyle/platform';
import type { Message } from '@deepstyle/storage';
import { jobSubject } from '../events/job.ts';
import { againId } from './again-id.ts';
import { allDeadLetters } from './all-dead-letters.ts';
import { decodeObject } from './decode-object.ts';
import type { ReconciledService, Round } from './reconciled-service.ts';
import type { ReconciledJobs } from './reconciler.ts';

/** What has just moved has its job, or is being written by a worker whose job was lost: it is looked at later. */
const QUIET_MS = 60_000;

/**
 * Finds what the records say is under way and no job is there for. A message moves from its transaction to the outbox, to the
 * bus, and perhaps to the dead letters, and is looked for in that order. What is missing in two rounds one after the other
 * gets another job; handlers bear a second one.
 */
export function jobRound(of: ReconciledService, jobs: ReconciledJobs): Round {
  let missedBefore: ReadonlySet<string> = new Set();
  return async (now) => {
    const missing = await findMissing(of, jobs, new Date(now.getTime() - QUIET_MS));
    const lost = [...missing].filter((key) => missedBefore.has(key));
    missedBefore = new Set([...missing].filter((key) => !lost.includes(key)));
    for (const key of lost) await enqueueAgain(of, jobs, key, now);
  };
}

async function findMissing(
  { ports, outbox, bus }: ReconciledService,
  { kind, field, underWay }: ReconciledJobs,
  since: Date,
): Promise<ReadonlySet<string>> {
  const subject = jobSubject(kind);
  const missing = new Set(
    await ports.database.transaction(`${kind}.underWay`, (tx) => underWay(tx, since)),
  );
  const found = ({ data }: Pick<Message, 'data'>): void => {
    const key = decodeObject(data)[field];
    if (typeof key === 'string') missing.delete(key);
  };
  if (missing.size === 0) return missing;
  for (const message of await outbox.pending(subject)) found(message);
  for await (const message of bus.queuedJobs(subject)) {
    if (missing.size === 0) break;
    found(message);
  }
  if (missing.size === 0) return missing;
  // With a dead letter it is a person's turn.
  for await (const { message } of allDeadLetters(bus)) {
    if (message.subject === subject) found(message);
  }
  return missing;
}

async function enqueueAgain(
  { name, ports }: ReconciledService,
  { kind, payloadOf }: ReconciledJobs,
  key: string,
  now: Date,
): Promise<void> {
  const id = againId(`${kind}:${key}`, now);
  await ports.database.transaction(`${kind}.enqueueAgain`, (tx) =>
    ports.outbox.enqueue(tx, kind, payloadOf(key, id), id),
  );
  ports.logger.warn({ kind, key, id }, 'a job was lost, and is enqueued again');
  countMetric('jobsLost', { service: name, kind });
}
