import { expect, test } from '@jest/globals';
import { jobSubject } from '../../src/events/job.ts';
import { jobRound } from '../../src/reconcile/reconcile-jobs.ts';
import { comparedService, deadJob, jobFor, MINUTE_MS } from './compared-service.ts';

/** A round after the other of a service whose records say that a run is open. */
function openRun() {
  const open = ['run-1'];
  const compared = comparedService({});
  const round = jobRound(compared.service, {
    kind: 'work',
    field: 'runId',
    underWay: async () => open,
    payloadOf: (runId, job) => ({ runId, job }),
  });
  const next = async (): Promise<void> => {
    await round(compared.clock.now);
    compared.clock.now = new Date(compared.clock.now.getTime() + MINUTE_MS);
  };
  return { ...compared, open, next };
}

test('a job that two rounds find nowhere is enqueued again, under a new id', async () => {
  const { next, enqueued, held } = openRun();
  await next();
  expect(enqueued).toEqual([]);
  await next();
  const [again] = enqueued;
  expect(again?.id).toMatch(/^work:run-1~again-\d+$/);
  expect(again?.payload).toEqual({ runId: 'run-1', job: again?.id });
  held.queue = [jobFor('run-1')];
  for (const _ of [1, 2, 3]) await next();
  expect(enqueued).toHaveLength(1);
});

test('one that is lost again is enqueued again', async () => {
  const { next, enqueued } = openRun();
  for (const _ of [1, 2, 3, 4]) await next();
  expect(enqueued).toHaveLength(2);
});

test('replicas that find it at the same time enqueue it under one id', async () => {
  const [one, other] = [openRun(), openRun()];
  for (const each of [one, other]) for (const _ of [1, 2]) await each.next();
  expect(one.enqueued).toEqual(other.enqueued);
});

test('one that waits in the outbox, in the queue or among the dead letters is left alone', async () => {
  const { next, enqueued, held } = openRun();
  const job = jobFor('run-1');
  const places = [
    { ...held, outbox: [job] },
    { ...held, queue: [jobFor('run-2'), job] },
    { ...held, letters: [deadJob(jobSubject('work'), job)] },
  ];
  for (const place of places) {
    Object.assign(held, place);
    for (const _ of [1, 2, 3]) await next();
  }
  expect(enqueued).toEqual([]);
});

test('one that ends between two looks is left alone', async () => {
  const { next, enqueued, open } = openRun();
  await next();
  open.length = 0;
  for (const _ of [1, 2]) await next();
  expect(enqueued).toEqual([]);
});

test('a queue is read no further than to what is looked for, and not at all where nothing is', async () => {
  const { next, service, open } = openRun();
  const read: string[] = [];
  Object.assign(service.bus, {
    async *queuedJobs() {
      for (const id of ['run-1', 'run-2', 'run-3']) {
        read.push(id);
        yield jobFor(id);
      }
    },
  });
  await next();
  expect(read).toEqual(['run-1', 'run-2']);
  open.length = 0;
  read.length = 0;
  await next();
  expect(read).toEqual([]);
});
