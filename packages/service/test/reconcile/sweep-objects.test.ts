import {
  applyMigrations,
  createS3ObjectStore,
  type Database,
  type DatabaseServer,
  keepObjects,
  type ListedObject,
  type ObjectStore,
  openDatabaseServer,
  openObjects,
  type Transaction,
} from '@deepstyle/storage';
import {
  describeWithServer,
  startS3,
  type TemporaryFolder,
  temporaryFolder,
} from '@deepstyle/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { contentObjects } from '../../src/index.ts';
import { sweepRound } from '../../src/reconcile/sweep-objects.ts';
import { comparedService, MINUTE_MS } from './compared-service.ts';

const DAY = 24 * 60;
const keyOf = (digits: string) => `photos/${digits.slice(0, 2)}/${digits.repeat(32)}`;

let folder: TemporaryFolder;
let databases: DatabaseServer;
let database: Database;
beforeAll(async () => {
  folder = await temporaryFolder('sweep');
  databases = await openDatabaseServer({ dataFolder: folder.path });
  database = await databases.schema('swept');
  await applyMigrations(database, 'test', [
    { number: 1, name: 'names', sql: 'CREATE TABLE names (key text)' },
  ]);
});
beforeEach(async () => {
  await inTx((tx) => tx.script('TRUNCATE names, object_sweeps, condemned_objects'));
});
afterAll(async () => {
  await databases.close();
  await folder.remove();
});

const inTx = <T>(work: (tx: Transaction) => Promise<T>) => database.transaction('test', work);

/** What a writer does in its transaction. */
const name = (key: string) =>
  inTx(async (tx) => {
    await keepObjects(tx, [key]);
    await tx.query('INSERT INTO names (key) VALUES ($1)', [key]);
  });

/** A service whose objects lie in a store; minutes pass between its rounds. */
function sweeping(objects: Pick<ObjectStore, 'list' | 'put' | 'delete'>) {
  const compared = comparedService({});
  Object.assign(compared.service.ports, { objects, database });
  const swept = contentObjects('photos', (tx, keys) =>
    tx
      .query<{ key: string }>('SELECT key FROM names WHERE key = ANY($1)', [keys])
      .then((rows) => rows.map(({ key }) => key)),
  );
  let minutes = 0;
  const started = Date.now();
  const replica = () => {
    const round = sweepRound(compared.service, [swept]);
    return async (after: number): Promise<void> => {
      minutes += after;
      await round(new Date(started + minutes * MINUTE_MS));
    };
  };
  return { ...compared, replica, after: replica() };
}

async function keysIn(objects: ObjectStore): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list('photos/')) keys.push(key);
  return keys;
}

function describeSweep(open: () => Promise<{ objects: ObjectStore; stop: () => Promise<void> }>) {
  let objects: ObjectStore;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ objects, stop } = await open());
  });
  beforeEach(async () => {
    for (const prefix of ['photos/', 'installations/'])
      for await (const { key } of objects.list(prefix)) await objects.delete(key);
  });
  afterAll(() => stop());
  const put = (...keys: string[]) =>
    Promise.all(keys.map((key) => objects.put(key, Buffer.from('bytes'), 'image/jpeg')));
  const [orphan, named, other] = [keyOf('aa'), keyOf('bb'), 'photos/aa/of-somebody-else'];

  test('an old object that nothing names goes, in two steps; one with a name or of another form stays', async () => {
    const { after, infos } = sweeping(objects);
    await put(orphan, named, other);
    await name(named);
    await after(1);
    await after(DAY + 60);
    await after(1);
    expect(await keysIn(objects)).toEqual([orphan, other, named]);
    await after(15);
    expect(await keysIn(objects)).toEqual([other, named]);
    expect(infos).toEqual([{ prefix: 'photos/', objects: 1, bytes: 5 }]);
  });

  test('a fresh one stays, however many rounds there are', async () => {
    const { after } = sweeping(objects);
    await put(orphan);
    for (const minutes of [1, 20, 20, 600, 600]) await after(minutes);
    expect(await keysIn(objects)).toEqual([orphan]);
  });

  test('one that is named, or stored again, between the steps stays', async () => {
    const stored = keyOf('cc');
    const times = new Map<string, Date>();
    const store: Pick<ObjectStore, 'list' | 'put' | 'delete'> = {
      put: (...given) => objects.put(...given),
      delete: (key) => objects.delete(key),
      async *list(...given): AsyncGenerator<ListedObject> {
        for await (const one of objects.list(...given))
          yield { ...one, modifiedAt: times.get(one.key) ?? one.modifiedAt };
      },
    };
    const { after } = sweeping(store);
    await put(orphan, stored);
    await after(DAY + 60);
    await name(orphan);
    times.set(stored, new Date(Date.now() + DAY * MINUTE_MS));
    await after(15);
    expect(await keysIn(objects)).toEqual([orphan, stored]);
    // Nothing of it is remembered.
    await name(stored);
  });

  test('who names one that was just deleted is told to store it again, and may name it later', async () => {
    const { after } = sweeping(objects);
    await put(orphan);
    await after(DAY + 60);
    await after(15);
    await expect(name(orphan)).rejects.toMatchObject({ reason: 'OBJECT_SWEPT', verdict: 'wait' });
    await put(orphan);
    await after(90);
    await name(orphan);
    await after(2 * DAY);
    await after(15);
    expect(await keysIn(objects)).toEqual([orphan]);
  });

  test('where another installation has its mark nothing goes, which is said once', async () => {
    const { after, warnings } = sweeping(objects);
    await put(orphan);
    await objects.put('installations/another', Buffer.from('another'), 'text/plain');
    for (const minutes of [1, DAY + 60, 15, 15]) await after(minutes);
    expect(await keysIn(objects)).toEqual([orphan]);
    expect(warnings).toEqual([{ others: ['installations/another'] }]);
    await objects.delete('installations/another');
    for (const minutes of [1, 15]) await after(minutes);
    expect(await keysIn(objects)).toEqual([]);
  });
}

describe('on files', () => {
  describeSweep(async () => {
    const { store } = await openObjects({ dataFolder: folder.path, publicUrl: 'http://test' });
    return { objects: store, stop: () => store.close() };
  });
});

describeWithServer('s3', 'on S3', () => {
  describeSweep(async () => {
    const server = await startS3();
    const { accessKey, secretKey, region } = server;
    const endpoint = server.url;
    const options = { endpoint, region, bucket: 'swept', accessKey, secretKey };
    const objects = await createS3ObjectStore(options);
    return {
      objects,
      stop: async () => {
        await objects.close();
        await server.stop();
      },
    };
  });
});

/** A store of many old objects, which counts what is asked of it. */
function largeStore(count: number) {
  const done = { listed: 0, deleted: 0 };
  const key = (n: number) => `photos/00/${n.toString(16).padStart(64, '0')}`;
  const modifiedAt = new Date(0);
  const present = new Set(Array.from({ length: count }, (_, n) => key(n)));
  return {
    done,
    put: async () => ({ key: '', sha256: '', contentType: '', bytes: 0 }),
    delete: async (gone: string) => {
      present.delete(gone);
      done.deleted += 1;
    },
    async *list(prefix: string, after = ''): AsyncGenerator<ListedObject> {
      for (const one of present) {
        if (!one.startsWith(prefix) || one <= after) continue;
        done.listed += 1;
        yield { key: one, bytes: 1, modifiedAt };
      }
    },
  };
}

test('a round lists a page and deletes few; it goes on where the last one ended, in whatever process', async () => {
  const store = largeStore(2_500);
  const { after, replica } = sweeping(store);
  await after(1);
  expect(store.done).toEqual({ listed: 1_000, deleted: 0 });
  await replica()(0);
  expect(store.done.listed).toBe(1_000);
  await replica()(1);
  await after(1);
  expect(store.done).toEqual({ listed: 2_500, deleted: 0 });
  await after(1);
  expect(store.done.listed).toBe(2_500);
  await after(15);
  // Each is looked at once more before it is deleted.
  expect(store.done).toEqual({ listed: 2_600, deleted: 100 });
  for (let round = 1; round < 25; round += 1) await after(1);
  expect(store.done).toEqual({ listed: 5_000, deleted: 2_500 });
});

test('with 0 hours nothing is swept, and the mark is there all the same', async () => {
  const store = largeStore(10);
  const put: string[] = [];
  const marked = {
    ...store,
    put: async (key: string) => ({ ...(await store.put()), key: put[put.push(key) - 1] ?? '' }),
  };
  const { after, service } = sweeping(marked);
  Object.assign(service.sweep, { afterHours: 0 });
  for (const minutes of [1, 20]) await after(minutes);
  expect(store.done).toEqual({ listed: 0, deleted: 0 });
  expect(new Set(put)).toEqual(new Set(['installations/this-one']));
});
