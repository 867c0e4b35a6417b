import { truncateSync } from 'node:fs';
import { type OpenedPorts, openPorts } from '@deepstyle/testkit/services';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DATASET_SETTINGS, type DatasetSettings } from '../src/config.ts';
import { importById } from '../src/records.ts';
import { runImport } from '../src/run-import.ts';
import { startImport } from '../src/start-import.ts';
import { drawnCoco } from './coco/drawn-coco.ts';
import { createTestFolder, type TestFolder } from './drawn-deepfashion.ts';

let opened: OpenedPorts<DatasetSettings>;
let folder: TestFolder;
beforeEach(async () => {
  opened = await openPorts({ name: 'dataset', settings: DATASET_SETTINGS });
  folder = createTestFolder();
});
afterEach(async () => {
  await opened.close();
  folder.remove();
});

const never = new AbortController().signal;

test('an import that is stopped ends with its reason, and is done the next time', async () => {
  const { ports } = opened;
  const path = folder.write('coco.json', JSON.stringify(drawnCoco()));
  const { id } = await startImport(ports, { idempotencyKey: 'key', name: 'A', folder: path });
  const stateOf = () =>
    ports.database.transaction('test', async (tx) => (await importById(tx, id))?.state);
  const stopping = new AbortController();
  const running = runImport(ports, id, stopping.signal);
  setImmediate(() => stopping.abort(new Error('stopped')));
  await expect(running).rejects.toThrow();
  expect(['DONE', 'FAILED']).not.toContain(await stateOf());
  await runImport(ports, id, never);
  expect(await stateOf()).toBe('DONE');
});

test('what is irregular is told of an import that fails too', async () => {
  const { ports } = opened;
  const { annotations, ...coco } = drawnCoco();
  const cut = JSON.stringify({ ...coco, annotations }).slice(0, -20);
  const path = folder.write('coco.json', cut.replace('"images":[', '"images":[{},'));
  const { id } = await startImport(ports, { idempotencyKey: 'key', name: 'A', folder: path });
  await runImport(ports, id, never);
  const failed = await ports.database.transaction('test', (tx) => importById(tx, id));
  expect(failed).toMatchObject({ state: 'FAILED', detail: expect.stringContaining('is no JSON') });
  expect(failed?.irregularities).not.toEqual([]);
});

test('an image of more bytes than it may have is told, and not read', async () => {
  const { ports } = opened;
  const path = folder.write('coco.json', JSON.stringify(drawnCoco()));
  const image = folder.write('a.jpg', '');
  truncateSync(image, 2_000_000_000);
  const { id } = await startImport(ports, { idempotencyKey: 'key', name: 'A', folder: path });
  await runImport(ports, id, never);
  const done = await ports.database.transaction('test', (tx) => importById(tx, id));
  const codes = done?.irregularities.map(({ code }) => code);
  expect([done?.state, codes]).toEqual(['DONE', expect.arrayContaining(['IMAGE_TOO_LARGE'])]);
});
