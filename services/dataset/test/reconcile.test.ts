import { randomUUID } from 'node:crypto';
import { type TemporaryFolder, temporaryFolder } from '@deepstyle/testkit';
import { loseJob, queuedJobIds } from '@deepstyle/testkit/services';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type RunningDataset, runDataset } from './running-dataset.ts';

const KIND = 'dataset-import';
const START = `mutation ($input: ImportDatasetInput!) {
  importDataset(input: $input) { import { id } userErrors { message } } }`;

let folder: TemporaryFolder;
let service: RunningDataset;
beforeEach(async () => {
  folder = await temporaryFolder('dataset');
  service = await runDataset({ settings: { DEEPSTYLE_ROLE: 'api' } });
  const input = { idempotencyKey: randomUUID(), name: 'Test', folder: folder.path };
  const { data } = await service.graph(START, { input });
  expect(data.importDataset.userErrors).toEqual([]);
});
afterEach(async () => {
  await service.close();
  await folder.remove();
});

test('an import whose job was lost gets another', async () => {
  await loseJob(service.bus, 'dataset', KIND);
  await service.reconcile(3);
  expect(await queuedJobIds(service.bus, KIND)).toEqual([expect.stringContaining('~again-')]);
});

test('an import whose job waits for a worker is left alone', async () => {
  await service.reconcile(5);
  expect(await queuedJobIds(service.bus, KIND)).toEqual([expect.not.stringContaining('~again-')]);
});
