import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { create } from 'tar';
import {
  type Database,
  openDatabaseServer,
  openObjects,
  removeAbandonedSnapshots,
  restoreBackup,
  takeSnapshot,
  takeSnapshotOfIdle,
  writeBackup,
} from '../src/index.ts';

const NOW = new Date('2026-11-28T08:00:00Z');
const publicUrl = 'http://127.0.0.1:4000';
const silent = () => undefined;

let folder: TemporaryFolder;
let data = '';
let restored = '';
beforeEach(async () => {
  folder = await temporaryFolder('backup');
  data = join(folder.path, 'data');
  restored = join(folder.path, 'restored');
});
afterEach(() => folder.remove());

async function openData(dataFolder: string) {
  const server = await openDatabaseServer({ dataFolder });
  const { store } = await openObjects({ dataFolder, publicUrl });
  const database = await server.schema('kept');
  const close = async () => {
    await store.close();
    await server.close();
  };
  return { server, store, database, close };
}

const insert = (database: Database, n: number) =>
  database.transaction('test.insert', (tx) => tx.query('INSERT INTO numbers VALUES ($1)', [n]));
const bytesOf = (n: number) => Buffer.from(`object ${n}`);

/** A data folder with a number in the database, and an object for it. */
async function makeData(): Promise<void> {
  const { database, store, close } = await openData(data);
  await database.transaction('test.create', (tx) => tx.script('CREATE TABLE numbers (n int)'));
  await store.put('photos/1', bytesOf(1), 'text/plain');
  await insert(database, 1);
  await close();
  writeFileSync(join(data, 'run-0123456789abcdef.key'), 'a key');
}

async function numbersIn(dataFolder: string): Promise<readonly number[]> {
  const { database, close } = await openData(dataFolder);
  const rows = await database.transaction('test.read', (tx) =>
    tx.query<{ n: number }>('SELECT n FROM numbers ORDER BY n'),
  );
  await close();
  return rows.map(({ n }) => n);
}

async function backUpIdle(target: string): Promise<string> {
  const snapshot = await takeSnapshotOfIdle(data);
  await writeBackup(snapshot, target, NOW, silent);
  await rm(snapshot, { recursive: true });
  return target;
}

describe.each(['backup.tar', 'backup'])('a backup as %s', (name) => {
  test('restores database, objects and keys', async () => {
    await makeData();
    await restoreBackup(await backUpIdle(join(folder.path, name)), restored, silent);
    expect(await numbersIn(restored)).toEqual([1]);
    const { store, close } = await openData(restored);
    expect(await store.get('photos/1')).toEqual(new Uint8Array(bytesOf(1)));
    await close();
    for (const key of ['signing-key', 'run-0123456789abcdef.key'])
      expect(readFileSync(join(restored, key))).toEqual(readFileSync(join(data, key)));
  });
});

test('a snapshot of a folder in use holds for each row the object that was written before it', async () => {
  await makeData();
  const { server, store, database, close } = await openData(data);
  let last = 1;
  let isOver = false;
  const write = async () => {
    while (!isOver) {
      last += 1;
      await store.put(`photos/${last}`, bytesOf(last), 'text/plain');
      await insert(database, last);
    }
  };
  const writing = write();
  const snapshot = await takeSnapshot(data, server.copyFiles ?? (async () => {}), process.pid);
  isOver = true;
  await writing;
  // Written after the snapshot: no part of it.
  await store.put('photos/1', bytesOf(0), 'text/plain');
  await close();
  await writeBackup(snapshot, join(folder.path, 'backup'), NOW, silent);
  await restoreBackup(join(folder.path, 'backup'), restored, silent);
  const numbers = await numbersIn(restored);
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
  const { store: copy, close: closeCopy } = await openData(restored);
  for (const n of numbers)
    expect(await copy.get(`photos/${n}`)).toEqual(new Uint8Array(bytesOf(n)));
  await closeCopy();
});

test('what a killed backup left behind is removed by the next one', async () => {
  await makeData();
  // The highest id of a process is 2^22 on Linux.
  await mkdir(join(data, 'snapshot-99999999'));
  await backUpIdle(join(folder.path, 'backup'));
  expect(readdirSync(data).filter((name) => name.startsWith('snapshot-'))).toEqual([]);
});

test('what is abandoned is removed, also where another process has its number by now', async () => {
  await makeData();
  const snapshot = await takeSnapshotOfIdle(data);
  const [, own = ''] = /^(snapshot-\d+)/.exec(basename(snapshot)) ?? [];
  // One of this process, one of an earlier process of its number, one of none, and one of an earlier version's backup.
  for (const name of [`${own}-earlier`, 'snapshot-99999999', own, 'snapshot-of-mine'])
    await mkdir(join(data, name), { recursive: true });
  await removeAbandonedSnapshots(data);
  expect(
    readdirSync(data)
      .filter((name) => name.startsWith('snapshot-'))
      .sort(),
  ).toEqual([...new Set([own, 'snapshot-of-mine', basename(snapshot)])].sort());
});

test('what a killed restore left is removed by the next one into the same folder', async () => {
  await makeData();
  const backup = await backUpIdle(join(folder.path, 'backup'));
  const id = '0b2f6f7e-51a4-4d6c-9a55-1a4a8f0f3c11';
  const of = (owner: string) => `restored.unfinished-${owner}${id}`;
  const kept = [of(`${process.pid}-`), `restored-again.unfinished-${id}`];
  for (const name of [...kept, of(''), of('99999999-')]) await mkdir(join(folder.path, name));
  await restoreBackup(backup, restored, silent);
  const left = readdirSync(folder.path).filter((name) => name.includes('.unfinished-'));
  expect(left.sort()).toEqual(kept.sort());
});

test('a snapshot that is stopped leaves nothing behind', async () => {
  await makeData();
  const stop = new AbortController();
  const taking = takeSnapshotOfIdle(data, stop.signal);
  stop.abort();
  await expect(taking).rejects.toMatchObject({ name: 'AbortError' });
  expect(readdirSync(data).filter((name) => name.startsWith('snapshot-'))).toEqual([]);
});

describe('is refused, and nothing is left in its place:', () => {
  const expectRefused = async (backup: string, reason: string, message: string) => {
    await expect(restoreBackup(backup, restored, silent)).rejects.toMatchObject({
      reason,
      message: expect.stringContaining(message),
    });
    expect(readdirSync(folder.path).filter((name) => name.startsWith('restored'))).toEqual([]);
  };

  test('a backup that was damaged, of a later format, or into a folder that holds something', async () => {
    await makeData();
    const backup = await backUpIdle(join(folder.path, 'backup'));
    await expect(restoreBackup(backup, data, silent)).rejects.toMatchObject({
      reason: 'RESTORE_TARGET_TAKEN',
    });
    appendFileSync(join(backup, 'signing-key'), '0');
    await expectRefused(backup, 'BACKUP_DAMAGED', 'signing-key does not have its SHA-256');
    await rm(join(backup, 'signing-key'));
    await expectRefused(backup, 'BACKUP_DAMAGED', 'belong to it');
    writeFileSync(join(backup, 'another'), '');
    await expectRefused(backup, 'BACKUP_DAMAGED', 'signing-key is missing');
    writeFileSync(join(backup, 'backup.json'), '{"format": 2, "files": 1, "bytes": 1}');
    await expectRefused(backup, 'BACKUP_TOO_NEW', 'format 2');
    expect(await numbersIn(data)).toEqual([1]);
  });

  test('an archive that is cut off, and one that is none', async () => {
    await makeData();
    const backup = await backUpIdle(join(folder.path, 'backup.tar'));
    truncateSync(backup, 1_000_000);
    await expectRefused(backup, 'BACKUP_DAMAGED', backup);
    writeFileSync(backup, 'no archive');
    await expectRefused(backup, 'NOT_A_BACKUP', `${backup} is not a backup of DeepStyle.`);
  });

  test.each(['a folder', 'an archive', 'an empty file'])('%s of something else', async (kind) => {
    const photos = join(folder.path, 'photos');
    await mkdir(photos);
    writeFileSync(join(photos, 'a.jpg'), 'a');
    const archive = `${photos}.tar`;
    if (kind === 'an archive') await create({ file: archive, cwd: photos }, ['.']);
    else writeFileSync(archive, '');
    const backup = kind === 'a folder' ? photos : archive;
    await expectRefused(backup, 'NOT_A_BACKUP', `${backup} is not a backup of DeepStyle.`);
    // A cause would be told beside the message, with an inner path.
    const refusal = await restoreBackup(backup, restored, silent).catch((error: Error) => error);
    expect(refusal).not.toHaveProperty('cause');
  });

  test('a pipe, which has no end', async () => {
    const pipe = join(folder.path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expectRefused(pipe, 'NOT_A_BACKUP', `${pipe} is not a backup of DeepStyle.`);
  });

  test('a folder without a database', async () => {
    await mkdir(data);
    await expect(takeSnapshotOfIdle(data)).rejects.toMatchObject({ reason: 'NOTHING_TO_BACK_UP' });
    expect(readdirSync(data)).toEqual([]);
  });
});
