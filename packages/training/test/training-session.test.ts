import {
  condemnedObjects,
  condemnObjects,
  type ObjectStore,
  type Transaction,
} from '@deepstyle/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SessionPorts } from '../src/training-session.ts';
import { altered } from './altered.ts';
import { at, describeOnDatabases, type OpenedCourses } from './opened-trainings.ts';
import {
  checkpointOf,
  openObjects,
  runToy,
  START,
  STEPS,
  stateOf,
  toySession,
} from './toy-training.ts';

const NEVER = new AbortController().signal;

class Killed extends Error {}

/** Stores of a process that is killed at its so-manieth use of them: the use is lost, or only the answer to it. */
function dyingPorts(ports: SessionPorts, killAt: number, isDone: boolean) {
  let uses = 0;
  const use = async <T>(act: () => Promise<T>): Promise<T> => {
    uses += 1;
    if (uses > killAt) throw new Killed();
    if (uses === killAt) {
      if (isDone) await act();
      throw new Killed();
    }
    return act();
  };
  const database = altered(ports.database, {
    transaction: (...given) => use(() => ports.database.transaction(...given)),
  });
  const objects = altered(ports.objects, {
    put: (...given) => use(() => ports.objects.put(...given)),
    get: (key) => use(() => ports.objects.get(key)),
    delete: (key) => use(() => ports.objects.delete(key)),
  });
  return { ports: { ...ports, database, objects }, uses: () => uses };
}

describeOnDatabases('a session', (opened) => {
  let objects: ObjectStore;
  let close: () => Promise<void>;
  let ports: SessionPorts;
  beforeAll(async () => {
    ({ objects, close } = await openObjects());
    const { database, logger, clock } = opened;
    ports = { database, logger, clock, objects };
  });
  afterAll(() => close());
  beforeEach(() => {
    opened.seconds = 100;
  });

  async function keys(prefix: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of objects.list(prefix)) found.push(key);
    return found.toSorted();
  }

  const marksOf = async (name: string) => {
    const rows = await opened.inTx((tx) =>
      tx.query<{ step: number }>('SELECT step FROM marks WHERE name = $1 ORDER BY step', [name]),
    );
    return rows.map(({ step }) => step);
  };

  /** All that a training leaves. */
  const left = async (name: string) => {
    const { state, detail, step, steps, checkpoint } = await opened.find(name);
    return {
      weights: Buffer.from(await objects.get(`models/${name}/weights.safetensors`)).toString('hex'),
      marks: await marksOf(name),
      checkpoints: await keys(`checkpoints/${name}/`),
      course: { state, detail, step, steps, checkpoint },
    };
  };

  test('killed at any time, before or after what it did last, is gone on with exactly', async () => {
    const whole = await opened.queue('whole');
    await opened.inTx((tx) => condemnObjects(tx, ['models/whole/weights.safetensors'], at(0)));
    const living = dyingPorts(ports, Infinity, true);
    await runToy(whole, living.ports, NEVER);
    const expected = await left(whole);
    // What the model names is kept from being swept.
    expect(await opened.inTx((tx) => condemnedObjects(tx, '', at(1), 10))).toEqual([]);
    expect(expected.marks).toEqual(Array.from({ length: STEPS }, (_, step) => step + 1));
    expect(expected.course).toMatchObject({ state: 'done', detail: 'step 2 is kept' });

    // The first use takes the training.
    for (let killAt = 2; killAt <= living.uses(); killAt++) {
      for (const isDone of [false, true]) {
        opened.seconds = 0;
        const name = await opened.queue(`killed-${isDone ? 'after' : 'before'}-${killAt}`);
        const dying = dyingPorts(ports, killAt, isDone);
        // The last uses sweep what is no longer needed: their failure is no one's.
        await runToy(name, dying.ports, NEVER).catch((error: unknown) => {
          expect(error).toBeInstanceOf(Killed);
        });
        opened.seconds = 100;
        await runToy(name, ports, NEVER);
        const { checkpoints, ...rest } = await left(name);
        const { checkpoints: _, ...wanted } = expected;
        expect({ killAt, isDone, ...rest }).toEqual({ killAt, isDone, ...wanted });
        // What a killed worker was about to delete may stay, and nothing else.
        expect(checkpoints.length).toBeLessThanOrEqual(2);
      }
    }
  }, 240_000);

  test('told to stop saves where it is; the next one ends as if there had been no stop', async () => {
    await runToy(await opened.queue('unstopped'), ports, NEVER);
    const name = await opened.queue('stopped');
    const stopping = new AbortController();
    const put = (...given: Parameters<ObjectStore['put']>) => {
      if (given[0].endsWith('-2.safetensors')) stopping.abort();
      return objects.put(...given);
    };
    const watched = altered(objects, { put });
    const running = runToy(name, { ...ports, objects: watched }, stopping.signal);
    await expect(running).rejects.toMatchObject({ reason: 'TRAINING_INTERRUPTED' });
    const { checkpoint, state } = await opened.find(name);
    expect([checkpoint?.step, state]).toEqual([2, 'running']);
    await runToy(name, ports, NEVER);
    expect((await left(name)).weights).toBe((await left('unstopped')).weights);
  });

  async function taken(name: string, seconds = 0) {
    if (seconds === 0) await opened.queue(name);
    const taking = await opened.take(name, seconds);
    if (taking.kind !== 'taken') throw new Error('It is held.');
    return toySession(taking.training, ports);
  }
  const nothing = () => Promise.resolve();
  const start = { state: stateOf(1), progress: START };

  describe('with checkpoints', () => {
    test('keeps the newest and the best, and deletes what neither is any more', async () => {
      const name = 'kept';
      const session = await taken(name);
      const at = (step: number, best: number | null) =>
        session.save(stateOf(step), {
          ...START,
          step,
          best: best === null ? null : { step: best, distance: 0 },
        });
      const files = async () =>
        (await keys(`checkpoints/${name}/`)).map((key) => key.replace(`checkpoints/${name}/`, ''));
      await at(1, null);
      await at(2, 2);
      await at(3, 2);
      expect(await files()).toEqual(['1-2.safetensors', '1-3.safetensors']);
      await at(4, 4);
      expect(await files()).toEqual(['1-4.safetensors']);
      expect((await opened.find(name)).checkpoint).toMatchObject({ step: 4, best: { step: 4 } });
    });

    test('goes on from one that was written before a training knew its best step', async () => {
      const name = 'earlier';
      await opened.queue(name);
      const key = `checkpoints/${name}/1-3.safetensors`;
      await objects.put(key, checkpointOf(7, { ...START, step: 3 }), 'application/octet-stream');
      await opened.take(name, 0);
      await opened.inTx((tx) =>
        tx.query('UPDATE trainings SET checkpoint = $2::jsonb WHERE name = $1', [
          name,
          JSON.stringify({ key, step: 3 }),
        ]),
      );
      const session = await taken(name, 50);
      expect(await session.restore(start, nothing)).toEqual({
        state: stateOf(7),
        progress: { ...START, step: 3 },
      });
      await session.save(stateOf(8), { ...START, step: 4 });
      expect(await keys(`checkpoints/${name}/`)).toEqual([`checkpoints/${name}/2-4.safetensors`]);
    });

    test('names the one that cannot be read', async () => {
      const name = 'damaged';
      const session = await taken(name);
      await session.save(stateOf(1), { ...START, step: 1 });
      const { checkpoint } = await opened.find(name);
      await objects.put(checkpoint?.key ?? '', new Uint8Array(9), 'application/octet-stream');
      const next = await taken(name, 50);
      await expect(next.restore(start, nothing)).rejects.toMatchObject({
        reason: 'CHECKPOINT_DAMAGED',
        message: expect.stringContaining(checkpoint?.key ?? ''),
      });
    });
  });

  describe('whose training is another’s', () => {
    test.each<[string, (session: Awaited<ReturnType<typeof taken>>) => Promise<unknown>]>([
      ['restores', (session) => session.restore(start, nothing)],
      ['saves', (session) => session.save(stateOf(1), { ...START, step: 1 })],
      ['reports', (session) => session.report({ step: 1, steps: 2, detail: 'd' })],
      ['writes', (session) => session.write('anything', nothing)],
      ['finishes', (session) => session.finish({ files: {}, record: nothing })],
    ])('%s nothing', async (what, act) => {
      const name = `lost-${what}`;
      const session = await taken(name);
      await opened.take(name, 50);
      await expect(act(session)).rejects.toMatchObject({ reason: 'STALE_ATTEMPT' });
      expect(await opened.find(name)).toMatchObject({ attempt: 2, step: 0, checkpoint: null });
    });
  });

  describeReports(opened, (name) => taken(name), marksOf);
});

function describeReports(
  opened: OpenedCourses,
  taken: (name: string) => Promise<ReturnType<typeof toySession>>,
  marksOf: (name: string) => Promise<number[]>,
): void {
  describe('reporting', () => {
    const report = { step: 4, steps: 9, detail: 'well' };
    const mark = (name: string) => async (tx: Transaction) => {
      await tx.query('INSERT INTO marks (name, step) VALUES ($1, 4)', [name]);
    };

    test('writes its curves with it', async () => {
      const session = await taken('reported');
      opened.seconds = 5;
      await session.report(report, mark('reported'));
      expect(await opened.find('reported')).toMatchObject({ ...report, updatedAt: opened.clock() });
      expect(await marksOf('reported')).toEqual([4]);
    });

    test('goes on where that fails, and leaves nothing of it', async () => {
      const session = await taken('unwritten');
      await session.report(report, async (tx) => {
        await mark('unwritten')(tx);
        throw new Error('the curves are full');
      });
      expect((await opened.find('unwritten')).step).toBe(0);
      expect(await marksOf('unwritten')).toEqual([]);
    });
  });
}
