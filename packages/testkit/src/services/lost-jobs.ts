import type { Bus } from '@deepstyle/storage';

/** Takes the next job of a kind away from a service whose role is `api`, as a bus that lost it would. */
export async function loseJob(bus: Bus, service: string, kind: string): Promise<void> {
  let lost: () => void = () => undefined;
  const isLost = new Promise<void>((resolve) => {
    lost = resolve;
  });
  const thief = await bus.subscribe(
    {
      stream: 'JOBS',
      durable: `${service}-${kind}`,
      subjects: [`deepstyle.jobs.${kind}`],
      concurrency: 1,
      ackWaitMs: 10_000,
      maxFailures: 1,
    },
    async () => {
      lost();
      return undefined;
    },
  );
  await isLost;
  await thief.close();
}

/** Ids of the jobs of a kind that are waiting or at work. */
export async function queuedJobIds(bus: Bus, kind: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of bus.queuedJobs(`deepstyle.jobs.${kind}`)) ids.push(id);
  return ids;
}
