import { createHash, randomUUID } from 'node:crypto';
import { condemnedObjects, condemnObjects } from '@deepstyle/storage';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runsById } from '../src/records.ts';
import type { Settlement } from '../src/run-ledger.ts';
import {
  garmentRecord,
  NOTHING_LOST,
  type OpenedLedger,
  openLedger,
  runOf,
} from './opened-ledger.ts';

const READY = 'deepstyle.garments.ready.v1';
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

let opened: OpenedLedger;
beforeAll(async () => {
  opened = await openLedger();
});
afterAll(() => opened.close());

/** A photograph with so many garments; null: failed. */
function settlementOf(runId: string, name: string, garments: number | null): Settlement {
  const photoId = hash(name);
  return {
    run: runOf(runId),
    photoId,
    failure: garments === null ? { stage: 'crop', reason: 'unreadable' } : null,
    garments: Array.from({ length: garments ?? 0 }, (_, index) =>
      garmentRecord(hash(`${name}/${index}`), photoId),
    ),
  };
}

async function readyOf(runId: string) {
  return (await opened.published(runId)).filter(({ type }) => type === READY);
}

describe('the ledger', () => {
  test('announces every garment once and the run when its last photograph is settled', async () => {
    const run = runOf(randomUUID());
    await opened.ledger.closeRun(run, 2, NOTHING_LOST);
    await opened.ledger.settle(settlementOf(run.id, 'a', 2));
    expect(await readyOf(run.id)).toEqual([]);
    await opened.ledger.settle(settlementOf(run.id, 'b', 1));
    const published = await opened.published(run.id);
    expect(published.map(({ type }) => type)).toEqual([
      'deepstyle.garment.cropped.v1',
      'deepstyle.garment.cropped.v1',
      'deepstyle.garment.cropped.v1',
      READY,
    ]);
    expect(published.at(-1)).toEqual({
      type: READY,
      id: `garments.ready:${run.id}`,
      data: { run, photos: 2, failedPhotos: 0, lost: 0, garments: 3, incomplete: null },
    });
  });

  test.each([
    ['the end of the scrape', (steps: readonly (() => Promise<void>)[]) => steps.toReversed()],
    ['a photograph', (steps: readonly (() => Promise<void>)[]) => steps],
  ])(
    'tells what the scraper lost, and no more once a retry has it: %s comes last',
    async (_, inOrder) => {
      const run = runOf(randomUUID());
      const inRetry = { ...run, retries: 1 };
      const losses = { incomplete: 'given up', lost: 3 };
      const { ledger } = opened;
      const first = [
        () => ledger.closeRun(run, 1, losses),
        () => ledger.settle(settlementOf(run.id, 'a', 1)),
      ];
      const again = [
        () => ledger.closeRun(inRetry, 2, NOTHING_LOST),
        () => ledger.settle({ ...settlementOf(run.id, 'b', 1), run: inRetry }),
      ];
      for (const step of [...inOrder(first), ...inOrder(again)]) await step();
      const ready = (await readyOf(run.id)).map(({ data }) => data);
      expect(ready).toMatchObject([losses, { ...NOTHING_LOST, photos: 2 }]);
    },
  );

  test('tells why photographs failed, alike causes as one', async () => {
    const run = runOf(randomUUID());
    const failed = async (name: string, reason: string) => {
      const settlement = settlementOf(run.id, name, null);
      await opened.ledger.settle({ ...settlement, failure: { stage: 'crop', reason } });
    };
    await failed('a', 'unreadable');
    for (const name of ['b', 'c'])
      await failed(name, `The object photos/ab/${hash(name)} is damaged: its end is missing.`);
    await opened.ledger.closeRun(run, 3, NOTHING_LOST);
    const [ready] = await readyOf(run.id);
    expect(ready?.data).toMatchObject({
      failedPhotos: 3,
      failures: [
        { reason: 'The object … is damaged: its end is missing.', photos: 2 },
        { reason: 'unreadable', photos: 1 },
      ],
    });
  });

  test('keeps the images that it names from being swept', async () => {
    const run = runOf(randomUUID());
    const settlement = settlementOf(run.id, 'condemned', 1);
    const keys = settlement.garments.map(({ image }) => image.key);
    const condemned = (keysBefore: readonly string[]) =>
      opened.database.transaction('test', async (tx) => {
        await condemnObjects(tx, keysBefore, new Date(0));
        return condemnedObjects(tx, '', new Date(), 10);
      });
    expect(await condemned(keys)).toEqual(keys);
    await opened.ledger.settle(settlement);
    expect(await condemned([])).toEqual([]);
  });

  test('announces its own failures, and not those of the detector again', async () => {
    const run = runOf(randomUUID(), 'model-1');
    const detected = { stage: 'detect', reason: 'too dark' } as const;
    await opened.ledger.settle({ ...settlementOf(run.id, 'c', null), run });
    await opened.ledger.settle({ ...settlementOf(run.id, 'd', null), run, failure: detected });
    const failures = await opened.published(run.id);
    expect(failures).toMatchObject([
      { type: 'deepstyle.photo.failed.v1', data: { photoId: hash('c'), stage: 'crop' } },
    ]);
  });

  test('looks up what is settled in this run and which garments any run has cut', async () => {
    const [first, second] = [runOf(randomUUID()), runOf(randomUUID())];
    const settlement = settlementOf(first.id, 'e', 1);
    await opened.ledger.settle(settlement);
    const { photoId, garments } = settlement;
    const garmentIds = [...garments.map(({ id }) => id), hash('never cut')];
    const inFirst = await opened.ledger.lookUp({ runId: first.id, photoId, garmentIds });
    const inSecond = await opened.ledger.lookUp({ runId: second.id, photoId, garmentIds });
    expect(inFirst).toEqual({ isSettled: true, known: garments });
    expect(inSecond).toEqual({ isSettled: false, known: garments });
  });

  test('counts failed attempts, which settle nothing', async () => {
    const run = runOf(randomUUID());
    const counts = [];
    for (let attempt = 0; attempt < 3; attempt += 1)
      counts.push(await opened.ledger.countAttempt(run, hash('f'), 'unreadable'));
    expect(counts).toEqual([1, 2, 3]);
    const lookUp = { runId: run.id, photoId: hash('f'), garmentIds: [] };
    expect((await opened.ledger.lookUp(lookUp)).isSettled).toBe(false);
    await opened.ledger.settle(settlementOf(run.id, 'f', 1));
    expect((await opened.ledger.lookUp(lookUp)).isSettled).toBe(true);
  });

  test('a photograph that the database refuses fails alone in its group', async () => {
    const run = runOf(randomUUID());
    const bad = settlementOf(run.id, 'g', 1);
    const poisoned = { ...bad, garments: [garmentRecord(hash('g/0'), bad.photoId, 'dress\u0000')] };
    const good = ['h', 'i', 'j'].map((name) => settlementOf(run.id, name, 1));
    const results = await Promise.allSettled(
      [good[0], poisoned, good[1], good[2]].map((one) => opened.ledger.settle(one as Settlement)),
    );
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });

  test('any order, grouping and repetition of two runs’ events makes each ready exactly once, with its counts', async () => {
    const photos = fc.array(fc.option(fc.nat(2), { nil: null }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(photos, photos, fc.infiniteStream(fc.nat()), async (one, two, numbers) => {
        const next = (): number => numbers.next().value ?? 0;
        const runs = [one, two].map((members) => ({ id: randomUUID(), members }));
        const events = runs.flatMap(({ id, members }) => [
          () => opened.ledger.closeRun(runOf(id), members.length, NOTHING_LOST),
          ...members.map(
            (garments, index) => () =>
              // Both runs have the same photographs; what they gave depends on the run only by drawing.
              opened.ledger.settle(settlementOf(id, `photo ${index} of ${garments}`, garments)),
          ),
        ]);
        const waiting = events.flatMap((event) =>
          Array.from({ length: 1 + (next() % 2) }, () => event),
        );
        let underWay: Promise<unknown>[] = [];
        while (waiting.length > 0) {
          const [event] = waiting.splice(next() % waiting.length, 1);
          if (event !== undefined) underWay.push(event());
          if (next() % 4 === 0) await Promise.all(underWay.splice(0));
        }
        await Promise.all(underWay);
        underWay = [];
        for (const { id, members } of runs) await expectReadyOnce(id, members);
      }),
      { numRuns: 25 },
    );
  });
});

async function expectReadyOnce(id: string, members: readonly (number | null)[]): Promise<void> {
  const failed = members.filter((garments) => garments === null).length;
  const garments = members.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const counts = { photos: members.length, failedPhotos: failed, garments, ...NOTHING_LOST };
  const failures = failed === 0 ? undefined : [{ reason: 'unreadable', photos: failed }];
  expect((await readyOf(id)).map(({ data }) => data)).toEqual([
    { run: runOf(id), ...counts, failures },
  ]);
  const cropped = (await opened.published(id)).filter(
    ({ type }) => type === 'deepstyle.garment.cropped.v1',
  );
  expect(new Set(cropped.map((event) => event.id)).size).toBe(garments);
  expect(cropped).toHaveLength(garments);
  const [run] = await opened.database.transaction('test.run', (tx) => runsById(tx, [id]));
  expect(run?.progress).toEqual({
    expected: members.length,
    done: members.length - failed,
    failed,
    garments,
    ready: true,
  });
}
